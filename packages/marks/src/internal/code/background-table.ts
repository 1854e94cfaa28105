/**
 * How common tokens are in ordinary code: for each number of bits the keys that carry it, counted over 869 files of CPython's standard library
 * and npm packages (467 000 tokens; share of all tokens s gives -log2 s - 6 bits, rounded, at least 1). Spaces inside a key are written `_`.
 */
export const BACKGROUND: readonly (readonly [bits: number, keys: string])[] = [
  [
    1,
    `n:0 n:1 o:!= o:% o:++ o:+ o:- o:< o:= o:== o:class o:empty_string o:false o:fn o:in o:instanceof o:is o:loop
o:new o:null o:throw o:true o:try o:typeof o:undefined w:append w:isinstance w:len w:length w:name w:os
w:push w:require w:s w:str w:type w:value`,
  ],
  [
    2,
    `n:2 o:* o:<= o:empty_array o:empty_list o:empty_object o:| w:Error w:Object w:ValueError w:__init__ w:a w:be
w:body w:end w:error w:exports w:expression w:int w:is w:join w:not w:object w:operator w:path w:prototype
w:r w:start w:string w:sys w:the w:to w:write`,
  ],
  [
    3,
    `n:3 n:4 o:& o:assert o:empty_dictionary o:with o:yield w:0 w:1 w:8 w:Any w:Array w:JSON w:OSError
w:TypeError w:__name__ w:add w:and w:bool w:bytes w:close w:column w:console w:d w:file w:for w:format
w:function w:get w:getValue w:getattr w:has w:hasattr w:hello w:i32 w:in w:js w:key w:left w:list w:log
w:map w:message w:method w:module w:must w:number w:of w:on w:option w:options w:parse w:print w:process
w:properties w:property w:re w:read w:right w:row w:schema w:set w:slice w:socket w:source w:split
w:stringify w:super w:test w:this w:tree w:tuple w:url`,
  ],
  [
    4,
    `n:8 o:-- o:>> o:?? o:async o:await o:del o:empty_tuple o:finally o:switch w:2 w:3 w:AttributeError w:Buffer
w:Exception w:GET w:ImportError w:KeyError w:Math w:NotImplemented w:NotImplementedError w:Number w:Promise
w:RegExp w:Set w:String w:Symbol w:UTF w:__class__ w:__dict__ w:__repr__ w:_file w:_loop w:alternative w:an
w:args w:argument w:arguments w:array w:bind w:boolean w:call w:charCodeAt w:closed w:code w:compile
w:condition w:const w:constructor w:context w:data w:debug w:decode w:default w:definitions w:description
w:dict w:emit w:encode w:encoding w:environ w:errors w:expected w:fastify w:filename w:flags w:forEach
w:from w:headers w:help w:host w:id w:if w:includes w:index w:indexOf w:info w:init w:input w:instancePath
w:io w:isArray w:items w:json w:keys w:keyword w:level w:line w:lower w:match w:mode w:no w:node w:null
w:open w:or w:output w:params w:parent w:pop w:port w:query w:quote w:range w:raw w:replace w:repr
w:required w:resolve w:schemaPath w:scheme w:scope w:setImmediate w:size w:startIndex w:startPosition
w:startswith w:static w:stderr w:stdout w:stream w:strip w:t w:text w:then w:time w:toString w:token
w:transform w:types w:typing w:undefined w:use w:utf w:util w:version w:w w:warn w:warnings w:with w:world
w:x`,
  ],
  [
    5,
    `n:10 n:100 n:128 n:16 n:5 n:6 n:63 n:7 o:** o:/ o:// o:<< o:delete o:ellipsis w:11 w:7 w:9 w:A w:AST_Node
w:Atomics w:BaseException w:Callable w:DEFMETHOD w:Date w:DeprecationWarning w:I w:Infinity w:Invalid w:Map
w:Module w:Modules w:None w:Optional w:P w:Python w:RuntimeError w:The w:Uint8Array w:WebAssembly w:_
w:__doc__ w:__enter__ w:__exit__ w:__main__ w:__module__ w:__new__ w:__slots__ w:__str__ w:_buffer w:_fp
w:_free w:_name w:_state w:_winapi w:abc w:abstractmethod w:action w:add_argument w:additionalProperties
w:address w:any w:anyOf w:application w:are w:arg w:argnames w:argv w:as w:ascii w:assert w:assign w:async
w:at w:attribute w:b w:block_scope w:buffer w:but w:by w:byteLength w:c w:cache w:callable w:callback w:can
w:cannot w:child w:class w:classmethod w:clear w:collections w:com w:command w:concat w:connection
w:constraints w:content w:copy w:count w:create w:css w:datetime w:defects w:definition w:delete
w:deprecated w:dest w:destroy w:dev w:distutils w:doc w:domain w:elements w:email w:endIndex w:endPosition
w:endswith w:env w:equal w:errno w:every w:example w:exc_info w:exception w:exceptions w:exists w:exit
w:expressions w:extend w:f w:fast w:fields w:fileno w:filter w:find w:float w:flush w:foo w:found w:fp
w:functools w:global w:group w:handler w:has_side_effects w:have w:header w:http w:https w:i w:importlib
w:inline w:inspect w:instead w:integer w:invalid w:issubclass w:kind w:label w:language w:lib w:lineno
w:logger w:logging w:long w:mangle w:max w:min w:modules w:n w:nargs w:native w:next w:nextTick w:nodes
w:obj w:offset w:oldEndPosition w:once w:oneOf w:only w:optimize w:optional w:opts w:parseInt w:pino w:pip
w:platform w:plugin w:pos w:prefix w:prerelease w:proto w:raws w:rb w:readline w:reference w:register
w:remove w:request w:response w:result w:return w:root w:route w:rstrip w:run w:seek w:semver w:send
w:serialize w:server w:setValue w:setattr w:shift w:should w:signal w:sock w:some w:sorted w:space w:splice
w:stack w:startsWith w:stat w:status w:stdin w:strict w:struct w:subprocess w:supported w:sync w:tell w:that
w:thedef w:threading w:timeout w:toLowerCase w:traceback w:update w:uri w:urllib w:utils w:v w:values
w:variables w:walk w:was w:xml w:you`,
  ],
  [
    6,
    `n:1000 n:10000 n:1024 n:12 n:200 n:2015 n:24 n:255 n:256 n:32 n:42 n:500 n:55296 n:65536 n:9 o:>>> w:02d w:4
w:5 w:6 w:9a w:ASCII w:Arguments w:AssertionError w:Boolean w:BytesIO w:C w:Cannot w:Content w:Context
w:EOFError w:Expected w:Flask w:GenericAlias w:Got w:HeaderParseError w:IO w:IPv4 w:IPv6 w:IndexError
w:Iterable w:Iterator w:KeyboardInterrupt w:L w:List w:MAX_SAFE_INTEGER w:Mapping w:No w:Request w:Response
w:S w:Sequence w:StopIteration w:StringIO w:SystemExit w:TYPE w:TYPE_CHECKING w:TextIO w:This w:Tuple
w:UNSET w:URI w:URL w:UTF8ToString w:Union w:Use w:X w:Z w:__call__ w:__dirname w:__eq__ w:__file__
w:__getitem__ w:__hash__ w:__iter__ w:__origin__ w:__path__ w:__qualname__ w:__reduce__ w:_closed w:_cond
w:_internal w:_lightMyRequest w:_lock w:_mode w:_path w:_protocol w:_readableState w:_root w:_sampwidth
w:_sock w:_source_traceback w:_transport w:_writableState w:abspath w:acquire w:addHook w:after w:ajv w:all
w:already w:annotations w:api w:app w:apply w:ast w:attributes w:available w:await w:bad w:bar w:basename
w:bcatch w:before w:bfinally w:binary w:block w:bodyLimit w:build w:builtins w:byte w:bytearray w:call_soon
w:called w:cancel w:capture w:cast w:catch w:category w:charAt w:charset w:choices w:classes w:click
w:client w:clone w:col w:color w:comment w:compare w:config w:configurable w:connect w:consequent
w:contextlib w:convert w:ctx w:current w:date w:deep w:defineProperty w:dependencies w:destination
w:destroyed w:dir w:directory w:dirname w:discard w:divmod w:document w:does w:dom w:done w:drain
w:drop_side_effect_free w:e w:else w:empty w:enclosed w:enum w:enumerable w:enumerate w:err w:escape
w:evaluate w:events w:exe w:exec w:exp w:exported_names w:extends w:failed w:false w:fd w:field w:fileobj
w:files w:fill w:first w:fixed w:font w:fragment w:fromCharCode w:fs w:fspath w:func w:functions w:futures
w:g w:generatedColumn w:generatedLine w:getArg w:getopt w:getvalue w:given w:globals w:got w:greater w:h
w:handle w:handlers w:hasOwn w:hasOwnProperty w:hash w:html w:ignore w:ignoreDuplicateSlashes
w:ignoreTrailingSlash w:import w:imported_names w:include w:indent w:indexes w:insert w:instance w:isFinite
w:isNaN w:is_generator w:isdir w:isfile w:iso w:it w:iter w:itertools w:j w:keywords w:latin w:let w:levels
w:link w:listen w:load w:loadAsync w:loader w:loading w:local w:locale w:logical w:lookup w:loop w:lstrip
w:m w:machinery w:main w:major w:math w:maxParamLength w:maxsize w:may_throw w:memoryview w:minLength
w:minor w:missing w:module_name w:more w:msg w:namedtuple w:names w:negate w:nested w:new w:newEndIndex
w:newEndPosition w:non w:now w:nt w:o w:ok w:oldEndIndex w:one w:orig w:origin w:original w:originalLine
w:out w:overload w:ownerDocument w:p w:pack w:package w:padStart w:parameter w:parameters w:parent_scope
w:parser w:partial w:partition w:password w:patch w:paths w:pattern w:phase w:pickle w:pid w:pipe w:pipeline
w:policy w:position w:posix w:postRun w:preRun w:predicate w:predicates w:protocol w:proxy w:proxyOf w:py
w:python w:q w:querystring w:queue w:readable w:reader w:ready w:reduce w:references w:release w:removed
w:reply w:requires w:reset w:returncode w:routerOptions w:same w:search w:secure w:security w:segments
w:select w:selectors w:self w:semicolon w:sep w:serializers w:setHeader w:setTimeout w:set_result
w:setdefault w:setter w:setupURLs w:short w:shutil w:sort w:sourceMap w:spawn w:specification w:specified
w:splitext w:src w:ssl w:stacklevel w:state w:statement w:staticmethod w:statusCode w:store w:storing
w:style w:sub w:subarray w:suffix w:support w:swagger w:symbol w:symbols w:table w:tags w:tar w:target w:td
w:tempfile w:than w:throw w:title w:toJSON w:toUpperCase w:too w:toplevel w:tr w:trace w:transport w:trim
w:true w:truncate w:try w:typeof w:u w:unknown w:unlink w:unpack w:unref w:unsafe w:unshift w:unsigned
w:upper w:urllib3 w:useSemicolonDelimiter w:used w:user w:userinfo w:uses_eval w:uses_with w:using w:utf8
w:uuid w:validate w:versions w:wait w:warning w:wasm w:wb w:when w:which w:width w:will w:win32 w:word
w:worker w:writable w:yes w:z w:zip w:zlib`,
  ],
  [
    7,
    `n:0.5 n:102 n:11 n:127 n:13 n:15 n:18 n:192 n:20 n:21 n:224 n:240 n:30 n:3000 n:31 n:36 n:3600 n:400
n:4294967295 n:47 n:48 n:56320 n:57 n:57343 n:60 n:64 n:65533 n:65535 n:80 n:97 o:^ o:~ w:10 w:12 w:13 w:15
w:16 w:25 w:8859 w:AF_UNIX w:AST_Array w:AST_Binary w:AST_Call w:AST_Chain w:AST_Class w:AST_Conditional
w:AST_Destructuring w:AST_Dot w:AST_Expansion w:AST_Number w:AST_Object w:AST_ObjectKeyVal w:AST_PropAccess
w:AST_Scope w:AST_Sequence w:AST_Statement w:AST_Sub w:AST_SymbolRef w:AUTH w:Argument w:ArrayBuffer
w:AsciiToString w:B w:BYTES_PER_ELEMENT w:Bad w:Bench w:BigInt w:BinaryIO w:BlockingIOError w:CCompiler
w:Can w:CancelledError w:Client w:Command w:CompileError w:CookieJar w:DEBUG w:Decimal w:Dict
w:DistutilsExecError w:DistutilsPlatformError w:ERROR w:Encoding w:F w:Failed w:False w:Fatal w:File
w:Float64Array w:Function w:GOT w:Generator w:Global w:H w:HEAD w:HTTP w:HTTPStatus w:If w:In w:Instance
w:Int16Array w:Int32Array w:Int8Array w:InterruptedError w:Language w:Length w:Literal w:Lock w:Message
w:Microsoft w:Missing w:MutableMapping w:NaN w:Node w:O w:OK w:Options w:PIPE w:PUT w:Parameter w:Parser
w:Path w:PathLike w:Popen w:PreparedRequest w:Proxy w:Query w:R w:RLock w:Remove w:Retry w:SHA w:SOCK_STREAM
w:SSL w:Stack w:Syntax w:SyntaxError w:Template w:Text w:TextIOWrapper w:There w:Thread w:Timeout
w:TracebackType w:True w:Type w:TypeAlias w:TypeVar w:URLError w:URN w:Uint32Array w:Unable w:Unexpected
w:UnicodeEncodeError w:Unknown w:Unsupported w:VERBOSE w:Warning w:WeakMap w:Windows w:Wrong w:Y w:You w:Za
w:__all__ w:__annotations__ w:__args__ w:__bases__ w:__class_getitem__ w:__code__ w:__contains__ w:__del__
w:__func__ w:__ge__ w:__getattr__ w:__getstate__ w:__import__ w:__le__ w:__len__ w:__loader__ w:__lt__
w:__mro__ w:__next__ w:__package__ w:__proto__ w:__self__ w:__setattr__ w:__setitem__ w:__setstate__
w:__spec__ w:__version__ w:__wasm_apply_data_relocs w:_address w:_args w:_attrs w:_bootstrap
w:_bootstrap_external w:_cache w:_callbacks w:_checkClosed w:_check_closed w:_children w:_closing w:_cmp
w:_compat w:_comptype w:_conn_lost w:_connecting w:_count w:_data w:_datalength w:_datawritten w:_debug
w:_defaults w:_encoding w:_ending w:_eof w:_error w:_fatal_error w:_fd w:_framerate w:_framesize w:_handle
w:_headers w:_input w:_io w:_malloc w:_namedChildren w:_nchannels w:_nframes w:_nframeswritten w:_parser
w:_paused w:_payload w:_pool w:_pos w:_promise w:_queue w:_reader w:_selector w:_socket w:_ssl w:_stream
w:_thread w:_ts_language_abi_version w:_ts_language_symbol_count w:_ts_language_symbol_name
w:_ts_lookahead_iterator_delete w:_ts_parser_delete w:_ts_parser_enable_logger_wasm w:_ts_query_delete
w:_ts_query_pattern_count w:_ts_tree_cursor_delete_wasm w:_ts_tree_cursor_end_index_wasm
w:_ts_tree_cursor_start_index_wasm w:_ts_tree_cursor_start_position_wasm w:_ts_tree_delete w:_tunnel_host
w:_types w:_value w:_value_ w:_vendor w:_version w:_waiters w:abort w:aborted w:above w:abs w:accept
w:access w:add_done_callback w:addr w:age w:allOf w:allowUnsafeRegex w:allowed w:annotation w:another
w:apiKey w:archive w:argname w:argparse w:assertedProperties w:asyncio w:atexit w:atrule w:attributeName
w:audit w:auth w:authkey w:authority w:auto w:base w:base64 w:been w:bench w:benchmark w:between w:bigint
w:bin w:binascii w:bindings w:bole w:both w:br w:branch w:break w:browser w:buf w:buffered w:bufsize w:bz2
w:call_exception_handler w:cancelled w:captureNames w:case w:caseSensitive w:ceil w:chain w:change
w:character w:characters w:children w:chunked w:chunksize w:clearTimeout w:cmd w:cname w:co_filename
w:codecs w:comma w:commands w:comments w:comments_before w:complex w:component w:components w:compress
w:compression w:computed_key w:connectionTimeout w:constants w:consumer w:contain w:contains
w:contentSecurityPolicy w:contextmanager w:cookie w:cookies w:core w:coroutines w:could w:createLogger
w:createWriteStream w:create_future w:created w:crypto w:ctypes w:cur w:curdir w:currentLogCallback
w:currentParseCallback w:currentProgressCallback w:currentQueryProgressCallback w:current_app
w:current_process w:current_thread w:customLevels w:da w:daemon w:darwin w:debuglevel w:decl w:declaration
w:decodeURIComponent w:decode_content w:decompress w:def w:defaultRoute w:defaultValue w:defaults w:define
w:delay w:denominator w:depth w:deque w:detach w:digest w:digits w:directives w:disableRequestLogging
w:doesn w:domainHost w:don w:dot w:dry_run w:due w:dump w:duplicate w:dylink w:echo w:ecma w:element
w:encodeURIComponent w:endContainingIndex w:endContainingPosition w:ending w:endsWith w:ensure_sync
w:entries w:entry w:environment w:eof w:eq w:errorHandler w:eval w:event w:examples w:exceededMatchLimit
w:executable w:exist w:exited w:expanduser w:expires w:export w:exported w:exported_definition
w:exported_value w:exposeHeadRoutes w:external w:externalDocs w:extra w:f_back w:f_code w:f_globals w:fail
w:family w:fastbench w:filters w:find_module w:find_spec w:finish w:fix w:fixed_value w:floor w:flushSync
w:fnmatch w:fold w:follow_symlinks w:following w:forceCloseConnections w:foreign_name w:fork w:form
w:formatted w:formatters w:freeze w:frozenset w:fsencode w:ftp w:generated w:getLogger
w:getOwnPropertyDescriptor w:getOwnPropertyNames w:getPrototypeOf w:getSchema w:get_context w:get_debug
w:get_defun_scope w:getcwd w:getpid w:gettext w:glob w:globalThis w:groups w:grow w:gz w:gzip w:handleError
w:handlerTimeout w:has_directive w:hashlib w:head w:helmet w:highWaterMark w:hostname w:href w:i16 w:i8
w:identifier w:ie8 w:image w:implementation w:imported_name w:in_loop w:includePrerelease w:included
w:infile w:initialize w:inside w:install w:instanceof w:internal w:into w:isBuffer w:isIPV6 w:isInteger
w:is_array w:is_block_scope w:is_constant_expression w:is_default w:isatty w:iterations w:iterator w:k
w:keepAliveTimeout w:know w:kwargs w:l w:labels w:last w:lastIndex w:lastIndexOf w:least w:lengthBytesUTF8
w:like w:limit w:linecache w:lines w:linkname w:listdir w:listeners w:listening w:literal w:little
w:loadWebAssemblyModule w:load_module w:loaded w:localhost w:locals w:locateFile w:location w:lock
w:logCallback w:logLevel w:logSerializers w:longer w:loose w:lt w:macros w:mailbox w:manager w:mangled_name
w:many w:matchLimit w:maxLength w:maxRequestsPerSocket w:maximum w:may w:member w:memo w:memory w:memorySize
w:messages w:meta w:metaclass w:metadata w:metavar w:minItems w:minidom w:minimum w:month w:msvcrt
w:multipart w:multiple w:mutable w:my w:named w:namespace w:nanoid w:navigator w:nbsp w:need w:neededDynlibs
w:negative w:neostandard w:network w:newline w:nid w:nodelete w:nonce w:none w:normalize w:normcase
w:normpath w:npm w:nullable w:num w:numbers w:numerator w:numeric w:objects w:off w:onClose w:onRequest
w:onSend w:opcode w:openapi w:operation w:ord w:order w:ordered w:org w:originalColumn w:other w:outfile
w:overflow w:packages w:param w:param1 w:param2 w:parentData w:parentDataProperty w:parse_args w:parsed
w:pathname w:pathsep w:patternProperties w:payload w:pg w:pinned w:plain w:plan w:plugins w:poll w:pool
w:positioned w:posixpath w:post w:postMessage w:preHandler w:preInit w:prev w:previous w:prog
w:progressCallback w:promise w:prompt w:prop w:propertyNames w:props w:put w:pwd w:querystringParser w:quit
w:quoted w:raise w:random w:rc w:read1 w:readFileSync w:reading w:readinto w:readlines w:reason w:received
w:recv w:redact w:reduction w:ref w:refResolver w:refcount w:refs w:refutedProperties w:regex w:reject
w:relative w:removal w:removeListener w:repeat w:report w:req w:requestIdHeader w:requestIdLogLabel
w:requestTimeout w:res w:reserved w:resourceName w:resume w:returned w:reverse w:reversed w:reviver w:rfind
w:rootData w:round w:rows w:rpartition w:rule w:running w:safari10 w:safe w:schemaErrorFormatter w:schemas
w:second w:seconds w:section w:see w:seekable w:sent w:sentinel w:sequence w:serializer w:serializerCompiler
w:server_hostname w:session w:setProperties w:setPrototypeOf w:set_exception w:setblocking w:setup w:shlex
w:shutdown w:side w:sig w:silent w:simplefilter w:simulate w:single w:site w:skip w:slated w:sourceRoot
w:sourcesContent w:span w:spec w:specify w:splitlines w:st_mode w:star w:startContainingIndex
w:startContainingPosition w:started w:starting w:stats w:step w:stop w:storage w:store_true w:strategies
w:streams w:strerror w:stringToUTF8 w:strings w:strong w:subclass w:submodule_search_locations w:substr
w:substring w:sum w:summary w:surrogateescape w:sym w:syntax w:sysconfig w:system w:systemId w:tableSize
w:tail_node w:tarfile w:tasks w:tb_frame w:terminate w:termui w:textCallback w:textPredicates w:thread
w:timedelta w:timezone w:tinybench w:tmp w:toISOString w:toStringTag w:tokenize w:top w:top_retain
w:translate w:ts w:twice w:two w:tzinfo w:uid w:uname w:undeclared w:unexpected w:unquote w:unregister
w:unsupported w:unused w:up w:urlparse w:urn w:usage w:username w:uses_arguments w:usr w:valid w:validator
w:validatorCompiler w:variadic w:vars w:verbose w:version_info w:void w:weakref w:web w:werkzeug w:while
w:whitespace w:win w:window w:winerror w:winreg w:without w:workerData w:wrap w:writeFileSync w:writer w:ws
w:www w:xz w:y w:year w:yellow w:z0 w:zA w:zero w:zipfile`,
  ],
  [
    8,
    `n:1.6 n:1000000 n:101 n:116 n:124 n:125 n:14 n:16384 n:201 n:2047 n:22 n:23 n:26 n:28 n:34 n:37 n:384 n:40
n:4096 n:43 n:45 n:46 n:50 n:512 n:56319 n:58 n:59 n:62 n:65 n:65280 n:70 n:8192 n:82240 n:90
n:9007199254740992 n:92 n:95 n:96 o:|| w:00 w:01 w:0x w:14 w:256 w:32 w:33 w:63 w:7bit w:8bit w:ABCMeta
w:AF_INET w:AF_INET6 w:AST_Accessor w:AST_Arrow w:AST_Assign w:AST_Await w:AST_BigInt w:AST_Block
w:AST_BlockStatement w:AST_Case w:AST_Catch w:AST_ClassPrivateProperty w:AST_ClassProperty
w:AST_ClassStaticBlock w:AST_ConciseMethod w:AST_Constant w:AST_Debugger w:AST_DefClass w:AST_Default
w:AST_DefaultAssign w:AST_Definitions w:AST_Defun w:AST_Directive w:AST_Do w:AST_DotHash w:AST_DynamicImport
w:AST_EmptyStatement w:AST_Export w:AST_For w:AST_ForIn w:AST_Function w:AST_If w:AST_Import
w:AST_ImportMeta w:AST_LabeledStatement w:AST_Lambda w:AST_LoopControl w:AST_NameMapping w:AST_New
w:AST_ObjectGetter w:AST_ObjectProperty w:AST_ObjectSetter w:AST_PrefixedTemplateString w:AST_PrivateGetter
w:AST_PrivateIn w:AST_PrivateMethod w:AST_PrivateSetter w:AST_RegExp w:AST_Return w:AST_SimpleStatement
w:AST_String w:AST_Switch w:AST_Symbol w:AST_SymbolDeclaration w:AST_SymbolDefun w:AST_SymbolFunarg
w:AST_SymbolLambda w:AST_TemplateSegment w:AST_TemplateString w:AST_This w:AST_Toplevel w:AST_Try
w:AST_Unary w:AST_UnaryPostfix w:AST_UnaryPrefix w:AST_Using w:AST_Var w:AST_VarDef w:AST_While w:AST_With
w:AST_Yield w:AnyStr w:App w:ArgumentParser w:Assertion w:AsyncFunction w:Authorization w:Awaitable
w:BadParameter w:BaseHTTPResponse w:BrokenPipeError w:Build w:CC w:CFLAGS w:CTOR w:CaptureName
w:CaseInsensitiveDict w:ClassVar w:Close w:CloseHandle w:Concatenate w:Condition w:Connection
w:ConnectionError w:ConnectionResetError w:Cookie w:Could w:Counter w:D w:DEFAULT_BUFFER_SIZE w:DNDEBUG
w:DataView w:Default w:DistutilsFileError w:E w:EINVAL w:ELEMENT_NODE w:ENOENT w:EOF w:EVENT_READ w:Edit
w:Empty w:Enum w:Event w:EventEmitter w:Example w:ExitStack w:ExitStatus w:FieldName w:FileExistsError
w:FileNotFoundError w:FinalizationRegistry w:Finalize w:First w:Float32Array w:For w:From w:FunctionType
w:Future w:G w:Generic w:Group w:HOP w:HTTPConnection w:HTTPConnectionPool w:HTTPError w:HTTPException
w:HTTPHeaderDict w:HTTPResponse w:Handler w:HelpFormatter w:Host w:ID w:ID_Continue w:INFO w:INITIAL_MEMORY
w:INT w:ImportWarning w:Include w:It w:JSONDecodeError w:LE_HEAP_STORE_I64 w:LIST w:Lib w:Link
w:LookaheadIterator w:LookupError w:M w:MIME w:MULTILINE w:Method w:MethodType w:ModuleType w:N w:NO w:NONE
w:NULL w:Name w:NameError w:NoReturn w:NodeName w:Non w:Not w:OR w:O_CREAT w:Only w:Option w:OrderedDict
w:OverflowError w:PATH w:POST w:Pattern w:PatternStructure w:Pdb w:PermissionError w:Please w:Plugin
w:PostCSS w:Process w:ProcessError w:Protocol w:Q w:QueryError w:Queue w:RangeError w:Rational w:Readable
w:Received w:Reflect w:Reply w:RequestsCookieJar w:ResourceWarning w:RuntimeWarning w:SEEK_SET w:SIGINT
w:SOL_SOCKET w:SSLContext w:SSLError w:S_ISDIR w:Schema w:See w:Self w:SemVer w:Semaphore w:Server
w:Software w:SourceMapGenerator w:Stream w:Strict w:T w:TEXT_NODE w:TLS w:Task w:Test w:TestCase
w:TextDecoder w:TimeoutError w:To w:Too w:Transfer w:Tree w:TreeCursor w:TreeWalker w:U w:Uint16Array
w:UnicodeDecodeError w:UnicodeError w:Unpack w:Unpickler w:UnsupportedOperation w:UriType w:Url w:User w:V
w:Version w:W w:WARNING w:WIN w:WINDOWS w:Wasm w:WeakSet w:Worker w:WorkerGlobalScope w:XMLHttpRequest w:Z0
w:ZIP w:ZipFile w:_GLOBAL_DEFAULT_TIMEOUT w:_TYPE_BODY w:__ w:__add__ w:__aenter__ w:__aexit__ w:__bool__
w:__builtins__ w:__cached__ w:__cause__ w:__context__ w:__debug__ w:__delattr__ w:__delitem__ w:__em_js__
w:__esModule w:__filename w:__format__ w:__get__ w:__getattribute__ w:__gt__ w:__heap_base w:__index__
w:__init_subclass__ w:__instancecheck__ w:__isabstractmethod__ w:__memory_base w:__objclass__ w:__or__
w:__reduce_ex__ w:__ror__ w:__set__ w:__start_em_asm w:__stop_em_asm w:__sub__ w:__subclasscheck__
w:__subclasshook__ w:__table_base w:__traceback__ w:__wasm_call_ctors w:__weakref__ w:_app_transport
w:_at_fork_reinit w:_block w:_call_connection_lost w:_callback w:_calloc w:_cancelled w:_check_not_closed
w:_close w:_collections_abc w:_compressor w:_config w:_context w:_convert_ w:_cookies w:_create w:_cv_app
w:_cv_request w:_decompressor w:_deprecated w:_destroy w:_errors w:_exception w:_exit w:_extra w:_fields
w:_filename w:_final w:_fold w:_force_close w:_form_length_pos w:_format w:_get_loop w:_get_value
w:_getframe w:_has_surrogates w:_imp w:_info w:_iswalnum w:_iswalpha w:_iswblank w:_iswdigit w:_iswlower
w:_iswpunct w:_iswspace w:_iswupper w:_iswxdigit w:_key w:_kwargs w:_log w:_mappings w:_memchr w:_memcmp
w:_memcpy w:_memmove w:_memset w:_method w:_multiprocessing w:_options w:_opts w:_osx_support w:_output
w:_pid w:_poll w:_proc w:_queryable w:_read w:_readable w:_realloc w:_sentinel w:_session w:_simple_enum
w:_size w:_soundpos w:_stop w:_strcmp w:_strlen w:_strncat w:_strncmp w:_strncpy w:_towlower w:_towupper
w:_ts_init w:_ts_language_field_count w:_ts_language_field_name_for_id w:_ts_language_metadata_wasm
w:_ts_language_name w:_ts_language_next_state w:_ts_language_state_count w:_ts_language_subtypes_wasm
w:_ts_language_supertypes_wasm w:_ts_language_symbol_for_name w:_ts_language_symbol_type
w:_ts_language_type_is_named_wasm w:_ts_language_type_is_visible_wasm
w:_ts_lookahead_iterator_current_symbol w:_ts_lookahead_iterator_new w:_ts_lookahead_iterator_next
w:_ts_lookahead_iterator_reset w:_ts_lookahead_iterator_reset_state w:_ts_node_child_by_field_id_wasm
w:_ts_node_child_count_wasm w:_ts_node_child_wasm w:_ts_node_child_with_descendant_wasm
w:_ts_node_children_by_field_id_wasm w:_ts_node_children_wasm w:_ts_node_descendant_count_wasm
w:_ts_node_descendant_for_index_wasm w:_ts_node_descendant_for_position_wasm
w:_ts_node_descendants_of_type_wasm w:_ts_node_end_index_wasm w:_ts_node_end_point_wasm
w:_ts_node_field_name_for_child_wasm w:_ts_node_field_name_for_named_child_wasm
w:_ts_node_first_child_for_byte_wasm w:_ts_node_first_named_child_for_byte_wasm
w:_ts_node_grammar_symbol_wasm w:_ts_node_has_changes_wasm w:_ts_node_has_error_wasm
w:_ts_node_is_error_wasm w:_ts_node_is_extra_wasm w:_ts_node_is_missing_wasm w:_ts_node_is_named_wasm
w:_ts_node_named_child_count_wasm w:_ts_node_named_child_wasm w:_ts_node_named_children_wasm
w:_ts_node_named_descendant_for_index_wasm w:_ts_node_named_descendant_for_position_wasm
w:_ts_node_next_named_sibling_wasm w:_ts_node_next_parse_state_wasm w:_ts_node_next_sibling_wasm
w:_ts_node_parent_wasm w:_ts_node_parse_state_wasm w:_ts_node_prev_named_sibling_wasm
w:_ts_node_prev_sibling_wasm w:_ts_node_start_index_wasm w:_ts_node_start_point_wasm w:_ts_node_symbol_wasm
w:_ts_node_to_string_wasm w:_ts_parser_included_ranges_wasm w:_ts_parser_new_wasm w:_ts_parser_parse_wasm
w:_ts_parser_reset w:_ts_parser_set_included_ranges w:_ts_parser_set_language w:_ts_point_edit
w:_ts_query_capture_count w:_ts_query_capture_name_for_id w:_ts_query_capture_quantifier_for_id
w:_ts_query_captures_wasm w:_ts_query_copy w:_ts_query_disable_capture w:_ts_query_disable_pattern
w:_ts_query_end_byte_for_pattern w:_ts_query_is_pattern_guaranteed_at_step w:_ts_query_is_pattern_non_local
w:_ts_query_is_pattern_rooted w:_ts_query_matches_wasm w:_ts_query_new w:_ts_query_predicates_for_pattern
w:_ts_query_start_byte_for_pattern w:_ts_query_string_count w:_ts_query_string_value_for_id w:_ts_range_edit
w:_ts_tree_copy w:_ts_tree_cursor_copy_wasm w:_ts_tree_cursor_current_depth_wasm
w:_ts_tree_cursor_current_descendant_index_wasm w:_ts_tree_cursor_current_field_id_wasm
w:_ts_tree_cursor_current_node_id_wasm w:_ts_tree_cursor_current_node_is_missing_wasm
w:_ts_tree_cursor_current_node_is_named_wasm w:_ts_tree_cursor_current_node_state_id_wasm
w:_ts_tree_cursor_current_node_type_id_wasm w:_ts_tree_cursor_current_node_wasm
w:_ts_tree_cursor_end_position_wasm w:_ts_tree_cursor_goto_descendant_wasm
w:_ts_tree_cursor_goto_first_child_for_index_wasm w:_ts_tree_cursor_goto_first_child_for_position_wasm
w:_ts_tree_cursor_goto_first_child_wasm w:_ts_tree_cursor_goto_last_child_wasm
w:_ts_tree_cursor_goto_next_sibling_wasm w:_ts_tree_cursor_goto_parent_wasm
w:_ts_tree_cursor_goto_previous_sibling_wasm w:_ts_tree_cursor_new_wasm w:_ts_tree_cursor_reset_to_wasm
w:_ts_tree_cursor_reset_wasm w:_ts_tree_edit_wasm w:_ts_tree_get_changed_ranges_wasm
w:_ts_tree_included_ranges_wasm w:_ts_tree_root_node_wasm w:_ts_tree_root_node_with_offset_wasm w:_warnings
w:_when w:_write w:absolutePath w:active w:active_children w:addConstraintStrategy w:addContentTypeParser
w:addFunction w:addMapping w:addRunDependency w:addSchema w:add_option w:add_unredirected_header
w:addinfourl w:additionalItems w:addr_spec w:addresses w:alias w:aliases w:align w:allow
w:allowErrorHandlerOverride w:allowUndefined w:allow_interspersed_args w:alpha w:alphabet w:altsep w:always
w:announce w:appendChild w:argChoices w:arrayBuffer w:arraybuffer w:asString w:assert_fingerprint
w:assignments w:attachValidation w:attr w:audio w:authenticate w:author w:authorization w:avvio w:back
w:baseFilename w:base_events w:because w:being w:big w:bit w:bit_length w:blocking w:blocksize w:blueprints
w:bodyless w:bold w:booted w:bound w:boundary w:brackets w:brk w:bucket w:buildPrettyMeta w:built w:builtin
w:bunyan w:byteOffset w:bzip2 w:ca_cert_dir w:ca_certs w:calendar w:call_soon_threadsafe w:calls
w:captureQuantifiers w:captureStackTrace w:captures w:catch_warnings w:cause w:cb w:cc w:cert w:cert_file
w:cert_reqs w:certfile w:cfg w:channels w:char w:chardet w:chdir w:check w:check_hostname w:check_output
w:checkout w:childCount w:childForFieldId w:childLoggerFactory w:child_process w:childrenForFieldId w:chmod
w:choice w:chr w:chunk w:city w:clearInterval w:cli w:closing w:cls w:clz32 w:co_consts w:co_firstlineno
w:co_flags w:co_name w:codePointAt w:codes w:coerce w:colon w:colors w:comments_after w:common w:communicate
w:comparator w:compat w:compiled w:compiler w:complete w:compressor w:concurrent w:configparser w:configure
w:connected w:connection_lost w:connection_made w:constraint w:consumes w:container w:contentEncoding
w:contextvars w:continue w:control w:converted w:cookiejar w:counter w:counts w:create_connection
w:create_task w:creation w:credentials w:currentFieldId w:currentOffset w:currentType w:currentTypeId
w:custom w:customAlphabet w:customOptions w:cyan w:cygwin w:database w:dataclass w:day w:debug_print
w:debugging w:decimal w:decoded w:decorate w:decorator w:decorators w:dedupe w:deepcopy w:defined w:delattr
w:delimiter w:deprecate w:deriveConstraint w:descriptor w:detail w:detected w:did w:diff w:difference
w:difflib w:digit w:dir_fd w:direct w:directive w:directly w:dis w:disable w:disabled w:dispatch
w:dispatcher w:display w:disposition w:dist w:distribution w:do w:docs w:doctest w:doctype w:documentation
w:dots w:double w:down w:drop w:dumps w:dup w:during w:dynCall w:dynamic w:dynamicLibraries w:each w:edit
w:either w:eliminated w:enable w:enabled w:encoded w:end_lineno w:ended w:endpoint w:ensure_dir w:entities
w:envVar w:eof_received w:equals w:errored w:escaped w:etc w:except w:excepthook w:exclusive w:execArgv
w:exec_module w:existsSync w:exitCode w:exiting w:expandtabs w:expat w:exposeRoute w:extended w:extension
w:extract w:f_lineno w:factory w:failfast w:failureException w:failures w:fallback w:falling w:fatal
w:feature w:feed w:fetch w:fget w:figure_out_scope w:filesystem w:finally w:find_loader w:find_variable
w:findall w:finished w:firstName w:first_in_statement w:flag w:fn w:followed w:force w:forkserver
w:formatMessage w:format_exc w:format_exception_only w:format_help w:format_usage w:formatter w:frame w:free
w:from_bytes w:frozen w:fsdecode w:fstat w:full w:future w:gc w:gcc w:genReqId w:generator
w:getIncludedRanges w:getMemory w:getOwnPropertySymbols w:getRandomValues w:getSchemas w:getTime
w:getTypeParser w:get_all w:get_code w:get_content_maintype w:get_data w:get_filename w:get_ident
w:get_params w:get_payload w:get_running_loop w:get_source w:getaddrinfo w:getcomptype w:getframerate
w:getline w:getmembers w:getnchannels w:getnframes w:getpass w:getpeername w:getsampwidth w:getsockname
w:getstate w:getter w:gettimeout w:gid w:global_defs w:gname w:grammarId w:green w:growMemory w:handle_error
w:hasConstraintStrategy w:hasError w:hasLogger w:has_header w:headersSent w:heading w:heapq w:helpGroup
w:helpers w:here w:hex w:hexdigest w:hidden w:hiddenTag w:hideUntagged w:hook w:hooks w:hour w:how w:http2
w:http2SessionTimeout w:i1 w:i64 w:ident w:idle w:idna w:ignored w:ignores w:illegal w:implemented
w:import_module w:important w:inc w:include_dirs w:includedRanges w:increase w:inference w:information
w:inherit w:inherits w:initfp w:initial w:initial_indent w:initialization w:initialized w:inner w:inputs
w:installed w:instantiate w:instantiateWasm w:instantiation w:invoke w:isExtensible w:isIPVFuture w:isTTY
w:isValid w:isView w:is_alive w:is_closed w:is_closing w:is_constant w:is_declared w:is_dir w:is_flag
w:is_lhs w:is_package w:is_set w:is_star w:isabs w:isclass w:iscoroutine w:iscoroutinefunction w:isdigit
w:islice w:islink w:ismodule w:isspace w:item w:iterable w:iteration w:its w:keepRuntimeAlive
w:keep_classnames w:keep_fnames w:keepends w:key_file w:keyfile w:kill w:lambda w:lang w:large
w:largeArrayMechanism w:lastName w:latin1 w:le w:levelVal w:libraries w:library w:library_filename w:license
w:linesep w:links w:linux w:loadDylibs w:loadFromWasmExports w:loadSync w:loadedLibsByHandle
w:loadedLibsByName w:loads w:localtime w:locked w:login w:lru_cache w:lstat w:lzma w:magic w:makePredicate
w:make_node w:makefile w:malformed w:marker w:markup w:marshal w:matches w:maxStartDepth w:max_line_length
w:max_size w:may_throw_on_access w:mc w:md5 w:mean w:mechanism w:mediaType w:mem w:memoryAlign w:methods
w:mime w:mimetypes w:minify w:minute w:mkdir w:mkpath w:mkstemp w:models w:modify w:monitorRunDependencies
w:monotonic w:most w:ms w:mtime w:multi w:multiprocessing w:mutually w:myapp w:namedChild w:namedChildCount
w:needs w:negated w:netloc w:netrc w:newer w:ngettext w:nlb w:noExitRuntime w:nodeTypeId w:node_modules
w:nologo w:nonSimpleDomain w:noop w:normalized w:note w:notify w:notify_all w:nss w:nth_identifier
w:obj_extension w:objectMechanism w:old w:onBadUrl w:onChild w:onConstructorPoisoning w:onError w:onListen
w:onMaxParamLength w:onProtoPoisoning w:onRequestAbort w:onResponse w:onRoute w:onRuntimeInitialized
w:onTimeout w:op w:open_code w:operationId w:ops w:optimization w:output_dir w:outside w:override w:owner
w:packaging w:padEnd w:page w:parametricChildren w:pardir w:parseArg w:parseAs w:parseFloat w:parse_url
w:part w:pass w:passed w:pathlib w:patternIndex w:pax w:pdb w:peek w:peer w:pending w:permitted w:persistent
w:pformat w:pkgutil w:placeholder w:platforms w:platlibdir w:pluginTimeout w:point w:popleft w:positional
w:positive w:possibilities w:postcss w:postcssPlugin w:pow w:pprint w:pre w:preParsing w:preSerialization
w:preValidation w:prepare w:prepend w:present w:presetArg w:prettyPrint w:printErr w:print_exc w:print_help
w:print_to_string w:private w:processed w:processor w:produces w:program w:propagate w:protocols w:provide
w:provides w:proxies w:proxy_config w:publicId w:publish w:putheader w:pyc w:pydoc w:query_timeout w:quiet
w:quit_ w:quotes w:raised w:randrange w:readAsync w:readBinary w:readFile w:readOnly w:readlink w:realm
w:realpath w:recent w:red w:redirect w:reduce_vars w:referrerPolicy w:regexp w:registered w:registry
w:regular w:remoteAddress w:removeChild w:removeRunDependency w:rename w:renderer w:replaceAll w:replaced
w:reprlib w:requests w:resilient_parsing w:resolveIgnoresFromGitignore w:resource w:resource_tracker
w:responseType w:response_class w:responses w:retries w:returns w:rich w:rmdir w:rmtree w:rootNode w:router
w:routes w:rpath w:rules w:runctx w:runtime w:runtimePaths w:runtime_library_dirs w:safeParse w:sample
w:satisfies w:save w:schemes w:script w:scripts w:searchParams w:securityDefinitions w:selector w:sendall
w:sendfile w:sendto w:separator w:server_side w:servers w:serving w:setInterval w:setLevel
w:setSourceContent w:setStatus w:set_cookie w:set_protocol w:setsockopt w:setstate w:settimeout w:settrace
w:setuptools w:sha1 w:shared w:shell w:shm w:shorthand w:shouldDecodeParam w:side_effects w:signals
w:signature w:signed w:simple w:since w:single_use w:sitter w:skipEscape w:skipping w:sleep w:so w:sockets
w:something w:sourceMappingURL w:source_address w:sources w:spaces w:splitdrive w:ssl_context
w:ssl_handshake_timeout w:ssl_shutdown_timeout w:ssl_version w:sslnegotiation w:st_mtime w:st_size
w:standalone w:standard w:statements w:staticChildrenNodes w:statistics w:status_code w:stdio w:stdlib
w:streaming w:strftime w:stringArrayToHexStripped w:stringToUTF16 w:stringToUTF8Array w:stringified
w:stripBasePath w:stub w:subject w:submit w:subsequent_indent w:success w:such w:supplied w:supports
w:switch w:tab w:tableAlign w:tag w:take w:takes w:targets w:task w:tb_next w:template w:template_string
w:term_len w:terminated w:termios w:testing w:tests w:text_encoding w:textwrap w:th w:these w:they
w:thisProgram w:throws w:times w:timestamp w:tlsExports w:toArray w:toFixed w:toProxy w:toSetString
w:to_bytes w:to_mozilla_ast w:to_native_string w:tokens w:toordinal w:total w:trace_dispatch w:trailing
w:transfer w:transformObject w:transports w:trying w:typeId w:typing_extensions w:tzname w:u2028 w:u2029
w:ud800 w:udfff w:unescape w:unicode w:unicodeSupport w:unused_data w:unwrap w:update_wrapper w:urlAlphabet
w:urlopen w:urlsplit w:urlunparse w:us w:useColors w:userAgent w:utc w:utime w:validation w:valueOf w:var
w:variable w:verbosity w:verify w:verify_mode w:via w:visit w:waitpid w:want w:wasi_snapshot_preview1
w:wasmBinary w:wasmMemory w:we w:weakImports w:webbrowser w:weekday w:welcome w:were w:wfile w:what w:wheel
w:where w:wildcardChild w:windows w:withResolvers w:worker_threads w:wrap_socket w:wrappers w:wraps
w:writeHead w:writelines w:writing w:wsgi w:wss w:x86_64 w:xmlns w:yaml w:years w:yet w:yield w:your`,
  ],
]
