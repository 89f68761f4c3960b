// Package redisapi is what redislint knows about Redis client libraries.
//
// The knowledge is data: one file of rows a library in the folder rows, and
// one parser for them that also reads the rows a user adds with -extra. The
// package says what a symbol does to a resource; it analyses nothing.
//
// # Rows
//
// A row is a line: a word, what it is about, and options written key=value.
// An indented line continues the row above it. "#" starts a comment.
//
//	library go-redis
//	module  github.com/redis/go-redis/v9 v9.23.0
//	package v9 github.com/redis/go-redis/v9
//	in v9
//	type  Client client Close
//	open  NewClient (*Client).Subscribe|PSubscribe
//
// # Where rows hold
//
//	library NAME
//	        the name of the library, once a file
//	module PATH VERSION
//	        the module and the version its rows are checked against;
//	        git:COMMIT is a version that no module proxy has, unchecked a
//	        module of which only the shape is known
//	package TAG PATH...
//	        import paths of the library, under a tag
//	in TAG...
//	        the rows below are about these packages
//
// # Symbols
//
// A symbol is written as types.Func.FullName writes it. After an in row the
// import path is left out, and the row holds for every package named there:
// NewClient, (*Client).Close, (UniversalClient).Close. Elsewhere the path is
// part of it: os.Exit, (*log.Logger).Fatal. "|" separates alternatives, of
// receivers and of names: (*Client|*Ring).Subscribe|PSubscribe. A method is
// named at the type that declares it, not at a type that embeds that one.
//
// # Resources
//
//	type TYPE KIND [METHOD...]
//	        a named type, its kind, the methods that release it, the usual
//	        one first; none: never a resource of its own
//	commands TYPE [except|only METHOD...]
//	        the exported methods that are Redis commands
//	literal TYPE [opens] [wraps=] [derives=] [factory=] [scope=]
//	        what a composite literal of the type is: a resource itself
//	        (opens), and of its fields: whose resource it shares, which its
//	        release methods release, or those of what is made of it (wraps);
//	        on whose resource it is a handle (derives); whose func opens
//	        resources for the library (factory); whose func is called with a
//	        resource it must not keep (scope)
//	open FUNC [result=] [err=] [cleanup=] [kind=] [release=] [inert]
//	        a result is a resource that the caller must release; inert:
//	        beside an error it is no nil, and releasing it does nothing
//	alias FUNC [result=] [param=]
//	        a result shares a parameter's resource
//	derive FUNC [result=] [param=]
//	        a result is a handle on a parameter's resource: it issues
//	        commands on it, and releases nothing
//	lend FUNC [result=]
//	        a result belongs to something else
//	take FUNC [param=]
//	        the callee owns a parameter from now on
//	release FUNC [param=]
//	        the call releases a parameter
//	scope FUNC [callback=] [arg=] [later]
//	        a callback gets a resource that it must not keep; later: it runs
//	        after the call has returned
//	factory FUNC [param=]
//	        a func parameter whose results the library owns
//	probe FUNC
//	        a method that, called right after its receiver was opened,
//	        returns the error of opening
//	command FUNC [param=]
//	        the call issues commands on a parameter
//
// A method named in a type row releases its receiver, no row is needed for it.
// An exported function of a library's package that no row names borrows its
// parameters.
//
// # Settings
//
//	setting (OPTIONS).FIELD ROLE, or FUNC ROLE param=, or FUNC ROLE code=
//	        a field of an options struct, or a field of its field; of an
//	        option func's type, the func that makes the option; a parameter
//	        of a function; or a function a call of which has no such bound
//	        at all
//	query FUNC [KEY=FIELD]...
//	        its first result is options; the parameter KEY of the URL that
//	        it is given sets FIELD. KEY=VALUE:FIELD: VALUE makes it true
//
// A role is dial, read, write, io (all three) or pool: it bounds a wait;
// redials: it counts the tries of a dial; deadline: the deadlines of contexts
// count; retry, reconnect, background or idle: something is done or kept
// unasked.
//
// A field that this version of the library lacks has no row.
//
// # Options of settings
//
// What more a row of a setting says, as the library's documentation or source
// has it:
//
//	default=
//	        what is so when nobody sets it: a duration, none, a number, a
//	        word, or the setting that it follows. Without it, nothing is
//	        said of that case
//	none=
//	        values that mean no bound
//	off=
//	        values that turn it off
//	trap=
//	        values that stop commands from being sent, without an error
//	unless=
//	        the default is another where one of these is set
//	one=
//	        the default holds where this list has at most one element
//	times=
//	        it multiplies this setting
//	unit=
//	        s: it counts seconds
//	has=
//	        the row holds for versions that have NAME or TYPE.MEMBER; of the
//	        rows about one setting the first holds that does
//	lacks=
//	        the same for versions that lack it
//	ok=
//	        the value that repairs it, where neither a limit nor off= is one
//	as=
//	        the type to be found behind an interface on the way
//	param=
//	        the parameter of a function that is the setting
//	code=
//	        all that follows is the source of a repair, with PKG for the
//	        library, LIMIT for the limit, ARGS for the arguments and {PATH}
//	        for a package
//
// # Other functions
//
//	noreturn FUNC
//	        ends the goroutine or the process
//	calls FUNC [callback=]
//	        its func parameters have run when it returns, or never run
//	borrow FUNC, or PATH.*
//	        keeps none of its arguments
//	pure PATH.*
//	        a function of it that takes text and numbers alone returns the
//	        same for the same arguments, and does nothing else
//	attach FUNC [param=]
//	        keeps a parameter, if not said otherwise the last, for whoever
//	        asks for it by its key, and never releases it; it keeps nothing
//	        else
//	put FUNC [param=] [when=] [unless=] [over]
//	        its receiver is a container of the standard library, and has a
//	        parameter, the last one, in it from now on; when, unless: only
//	        if that result is true, or false, and before it then stands what
//	        is in there; over: it has one thing in it, which is no longer
//	        there then
//	get FUNC [result=]
//	        a result, the first one, is what is in its receiver, such a
//	        container
//	each FUNC [callback=] [arg=]
//	        calls a func with what is in its receiver, such a container, one
//	        by one; the last argument
//	wrap FUNC
//	        its result is a func that runs its first parameter, a func, once
//	        at most
//	finally FUNC [callback=]
//	        its func parameters run later, once, and in any case
//	undo FUNC
//	        its func parameters run later, unless its first result, a func,
//	        is called before that
//	fail FUNC
//	        marks the running test as failed
//	nonnil FUNC
//	        its first result is never nil; it keeps none of its arguments
//	joins FUNC
//	        its result is nil if all the errors it is given are, and
//	        otherwise not; it keeps none of its arguments
//	refutes FUNC
//	        true only if its first parameter, an error, is not nil
//	verdict FUNC
//	        true if the error that it is given is nil; it keeps none of its
//	        arguments
//	once FUNC
//	        its func parameter runs once, however often it is called
//	deadline FUNC
//	        returns a context that ends by itself, after what the second
//	        parameter says
//	nopanic FUNC
//	        does not panic; it keeps none of its arguments
//	pause FUNC
//	        waits until some time has passed
//	serve FUNC
//	        serves until it is stopped. It is looked for by syntax, so the
//	        type is the one that code has at hand: it may embed the one that
//	        declares the method, or be an alias of it
//	entry FUNC [param=]
//	        a serverless entry point and the handler it is given
//	miss COMMAND...
//	        of these Redis commands a client reports a missing key as an
//	        error
//	free COMMAND...
//	        these Redis commands take back what was put on the server
//	request TYPE
//	        a request, or what it is answered by: a function that gets one,
//	        or a pointer to one, serves requests
//
// # Time, and who is told
//
// These rows say nothing about resources. They are in the file of the library
// whose function they are about, or in flow.rows, logs.rows and slow.rows.
//
//	slow FUNC
//	        waits for something that is not Redis: a sleep, a round trip, a
//	        person
//	input FUNC
//	        waits for a person if its first parameter reads from standard
//	        input
//	rpc TYPE
//	        a call whose last parameter is any number of these is a round
//	        trip
//	waits FUNC [ctx]
//	        a command that waits until there is something to return. Its
//	        time.Duration, or the field Block of a struct that it is given,
//	        says how long: zero is for ever. ctx: the deadline of its
//	        context bounds it too
//	receive FUNC [ctx] [confirms]
//	        the same of a message of a subscription; confirms: or of its
//	        confirmation, which comes at once
//	dated FUNC
//	        its first result is a context with a deadline
//	messages FUNC
//	        its result is a channel of a subscription's messages
//	names FUNC [param=]
//	        a parameter is the name of a command, those after it are its
//	        arguments
//	builds FUNC [step=]
//	        begins a command that blocks without a timeout if the method
//	        step= is given zero
//	spawn FUNC [callback=]
//	        runs a func parameter in a goroutine of its own
//	keep FUNC [param=]
//	        its receiver holds a parameter from now on; the last one
//	register FUNC [param=]
//	        keeps a parameter reachable until the process ends; the last one
//	unregister FUNC
//	        takes back what was registered with its receiver, or with its
//	        package
//	bounds FUNC
//	        gives a connection a read timeout
//	log FUNC
//	        writes to a log
//	cancels FUNC
//	        a result is a context that another result ends
//	ends FUNC
//	        its result is the context of a request, which ends when the
//	        client has gone
//	unlock FUNC
//	        takes back what was put on the server, as a lock is; that fails
//	        when its context has ended
//	until FUNC
//	        tells whether a request, or what else a context belongs to, has
//	        ended
//
// # Numbers
//
// Parameters are numbered as go/ssa numbers them: a method's receiver is 0.
// What an option leaves out is found from the signature:
//
//   - a result: the first whose type has a type row that releases; of alias and
//     derive, the first whose type has a type row; of lend, every result that is no error.
//   - err: the last result if it is an error. err=none: the resource is there even
//     when the error is not nil.
//   - cleanup: the first result that is a func without parameters. cleanup=none: none.
//   - kind and release: as the type row of the result says.
//   - a parameter: the first argument whose type has a type row, else the receiver, else
//     parameter 0; of alias and derive, the receiver of a method comes first; of factory, the first
//     func; of entry, the first func or empty interface.
//   - a callback: the first func (scope), every func (calls); its arg: the first whose
//     type has a type row.
//
// A row that does not fit the signature of its symbol says nothing: another
// version of the library may have it.
//
// # User rows
//
// The rows given to New are in the same language. They may name packages of
// their own (with library, package and in, or with the path in the symbol),
// and what they say of a symbol replaces what is built in.
package redisapi
