/** Migration 0007: the tree that was committed and is not signed yet, beside the signed one. */
export const signer: readonly string[] = [
  `alter table log_state
    add column pending_size bigint,
    add column pending_root bytea check (length(pending_root) = 32),
    add check ((pending_size is null) = (pending_root is null)),
    add check (pending_size > size)`,
]
