// What a layer-1 package may use beyond ECMAScript: text encoding, and nothing that does I/O, tells time or draws randomness.
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(input?: Uint8Array): string
}
declare function btoa(binary: string): string
declare function atob(base64: string): string
