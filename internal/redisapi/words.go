package redisapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A word is what a row begins with. All that is particular to it stands in its
// entry of vocabulary: the parser asks how the row is read, the index where it
// is kept, the resolver whether it fits a signature and what it says of it, and
// the package comment what it means.
type word struct {
	name    string
	about   about
	types   bool   // its symbols are types; otherwise functions
	names   string // what follows, if not symbols and options: as the package comment writes it
	options string // names of options, see rowOptions
	doc     string

	read   func(p *rowParser, args []string) error // if it is not symbols and options
	keep   func(idx *index, s symbol, r Row) error // if not with other rows about the function
	check  func(b *builder, r Row) string          // why it does not fit a signature, or ""; nil: it always does
	effect func(b *builder, r Row)                 // what it says of a function that it fits
}

// about is what a row is about.
type about uint8

const (
	place    about = iota // where the rows below it hold
	library               // a symbol of a library: a package with such a row is one
	function              // any function, or a type that is no library's
	conduct               // how a function spends time, and whom it tells
)

// A Section is a part of the language, described under one heading of the
// package comment.
type Section struct {
	Heading string
	words   []word
	options []settingOption
}

// Language returns the language of rows, in the order in which the package
// comment describes it.
func Language() []Section {
	// A function and not a variable: what a row does leads to the parser, for
	// another file, and from there to the words again.
	return []Section{
		{Heading: "Where rows hold", words: placeWords()},
		{Heading: "Resources", words: resourceWords()},
		{Heading: "Settings", words: settingWords()},
		{Heading: "Options of settings", options: settingOptions},
		{Heading: "Other functions", words: functionWords()},
		{Heading: "Time, and who is told", words: conductWords()},
	}
}

func placeWords() []word {
	return []word{
		{name: "library", names: "NAME", read: (*rowParser).rowLibrary,
			doc: "the name of the library, once a file"},
		{name: "module", names: "PATH VERSION", read: (*rowParser).rowModule,
			doc: `the module and the version its rows are checked against; git:COMMIT is a version
				that no module proxy has, unchecked a module of which only the shape is known`},
		{name: "package", names: "TAG PATH...", read: (*rowParser).rowPackage,
			doc: "import paths of the library, under a tag"},
		{name: "in", names: "TAG...", read: (*rowParser).rowIn,
			doc: "the rows below are about these packages"},
	}
}

func resourceWords() []word {
	return []word{
		{name: "type", about: library, types: true, names: "TYPE KIND [METHOD...]", read: (*rowParser).rowType, keep: (*index).keepType,
			doc: `a named type, its kind, the methods that release it, the usual one first; none:
				never a resource of its own`},
		{name: "commands", about: library, types: true, names: "TYPE [except|only METHOD...]", read: (*rowParser).rowCommands, keep: (*index).keepCommands,
			doc: "the exported methods that are Redis commands"},
		{name: "literal", about: library, types: true, options: "opens wraps derives factory scope", keep: (*index).keepLiteral,
			doc: `what a composite literal of the type is: a resource itself (opens), and of its
				fields: whose resource it shares, which its release methods release, or those of what
				is made of it (wraps); on whose resource it is a handle (derives); whose func opens
				resources for the library (factory); whose func is called with a resource it must
				not keep (scope)`},

		{name: "open", about: library, options: "result err cleanup kind release inert",
			doc: `a result is a resource that the caller must release; inert: beside an error it is
				no nil, and releasing it does nothing`,
			effect: func(b *builder, r Row) { b.fn.Opens = append(b.fn.Opens, b.open(r)) }},
		{name: "alias", about: library, options: "result param", check: shares,
			doc:    "a result shares a parameter's resource",
			effect: func(b *builder, r Row) { b.fn.Aliases = append(b.fn.Aliases, b.alias(r)) }},
		{name: "derive", about: library, options: "result param", check: shares,
			doc: `a result is a handle on a parameter's resource: it issues commands on it, and
				releases nothing`,
			effect: func(b *builder, r Row) { b.fn.Derives = append(b.fn.Derives, b.alias(r)) }},
		{name: "lend", about: library, options: "result", check: lends,
			doc:    "a result belongs to something else",
			effect: func(b *builder, r Row) { b.fn.Lends = append(b.fn.Lends, b.lent(r)...) }},
		{name: "take", about: library, options: "param", check: hasParam,
			doc:    "the callee owns a parameter from now on",
			effect: func(b *builder, r Row) { b.fn.Takes = append(b.fn.Takes, b.param(r, b.known)) }},
		{name: "release", about: library, options: "param", check: hasParam,
			doc:    "the call releases a parameter",
			effect: func(b *builder, r Row) { b.fn.Releases = append(b.fn.Releases, b.param(r, b.known)) }},
		{name: "scope", about: library, options: "callback arg later", check: lendsToCallback,
			doc: `a callback gets a resource that it must not keep; later: it runs after the call has
				returned`,
			effect: func(b *builder, r Row) { b.fn.Scopes = append(b.fn.Scopes, b.scope(r)) }},
		{name: "factory", about: library, options: "param", check: hasFactory,
			doc:    "a func parameter whose results the library owns",
			effect: func(b *builder, r Row) { b.fn.Factories = append(b.fn.Factories, b.param(r, isFunc)) }},
		{name: "probe", about: library, check: returnsError,
			doc: `a method that, called right after its receiver was opened, returns the error of
				opening`,
			effect: func(b *builder, _ Row) { b.fn.Probe = true }},
		{name: "command", about: library, options: "param", check: hasParam,
			doc:    "the call issues commands on a parameter",
			effect: func(b *builder, r Row) { b.fn.Commands = append(b.fn.Commands, b.param(r, b.known)) }},
	}
}

func settingWords() []word {
	return []word{
		{name: "setting", about: library, names: "(OPTIONS).FIELD ROLE, or FUNC ROLE param=, or FUNC ROLE code=", read: (*rowParser).rowSetting, keep: (*index).keepSetting,
			doc: `a field of an options struct, or a field of its field; of an option func's type,
				the func that makes the option; a parameter of a function; or a function a call of
				which has no such bound at all`},
		{name: "query", about: library, names: "FUNC [KEY=FIELD]...", read: (*rowParser).rowQuery,
			doc: `its first result is options; the parameter KEY of the URL that it is given sets
				FIELD. KEY=VALUE:FIELD: VALUE makes it true`,
			effect: func(b *builder, r Row) { b.fn.Parses, b.fn.Query = true, r.query }},
	}
}

func functionWords() []word {
	return []word{
		{name: "noreturn", about: function,
			doc:    "ends the goroutine or the process",
			effect: func(b *builder, _ Row) { b.fn.NoReturn = true }},
		{name: "calls", about: function, options: "callback", check: callsFunc,
			doc:    "its func parameters have run when it returns, or never run",
			effect: func(b *builder, r Row) { b.fn.Calls = append(b.fn.Calls, b.called(r)...) }},
		{name: "borrow", about: function, names: "FUNC, or PATH.*", keep: (*index).keepBorrow,
			doc:    "keeps none of its arguments",
			effect: func(b *builder, _ Row) { b.fn.Library = true }},
		{name: "pure", about: function, names: "PATH.*", keep: (*index).keepPure,
			doc: `a function of it that takes text and numbers alone returns the same for the same
				arguments, and does nothing else`},
		{name: "attach", about: function, options: "param", check: hasParam,
			doc: `keeps a parameter, if not said otherwise the last, for whoever asks for it by its
				key, and never releases it; it keeps nothing else`,
			effect: func(b *builder, r Row) { b.fn.Attaches, b.fn.Library = append(b.fn.Attaches, b.last(r)), true }},
		{name: "put", about: function, options: "param when unless over", check: putsInto,
			doc: `its receiver is a container of the standard library, and has a parameter, the last
				one, in it from now on; when, unless: only if that result is true, or false, and
				before it then stands what is in there; over: it has one thing in it, which is no
				longer there then`,
			effect: func(b *builder, r Row) { b.fn.Puts, b.fn.Library = append(b.fn.Puts, b.put(r)), true }},
		{name: "get", about: function, options: "result", check: hasReceiver,
			doc: "a result, the first one, is what is in its receiver, such a container",
			effect: func(b *builder, r Row) {
				b.fn.Gets, b.fn.Library = append(b.fn.Gets, max(0, r.result)), true
			}},
		{name: "each", about: function, options: "callback arg", check: hasCallback,
			doc: "calls a func with what is in its receiver, such a container, one by one; the last argument",
			effect: func(b *builder, r Row) {
				b.fn.Each, b.fn.Library = append(b.fn.Each, b.each(r)), true
				b.fn.Calls = append(b.fn.Calls, b.callback(r))
			}},
		{name: "wrap", about: function, check: wrapsFunc,
			doc:    "its result is a func that runs its first parameter, a func, once at most",
			effect: func(b *builder, _ Row) { b.fn.Wraps = true }},
		{name: "finally", about: function, options: "callback", check: callsFunc,
			doc:    "its func parameters run later, once, and in any case",
			effect: func(b *builder, r Row) { b.fn.Finally = append(b.fn.Finally, b.called(r)...) }},
		{name: "undo", about: function, check: undoesFunc,
			doc:    "its func parameters run later, unless its first result, a func, is called before that",
			effect: func(b *builder, _ Row) { b.fn.Undo = true }},
		{name: "fail", about: function,
			doc:    "marks the running test as failed",
			effect: func(b *builder, _ Row) { b.fn.Fails = true }},
		{name: "nonnil", about: function,
			doc:    "its first result is never nil; it keeps none of its arguments",
			effect: func(b *builder, _ Row) { b.fn.NonNil, b.fn.Library = true, true }},
		{name: "joins", about: function, check: joinsErrors,
			doc: `its result is nil if all the errors it is given are, and otherwise not; it keeps
				none of its arguments`,
			effect: func(b *builder, _ Row) { b.fn.Joins, b.fn.Library = true, true }},
		{name: "refutes", about: function, check: asksError,
			doc:    "true only if its first parameter, an error, is not nil",
			effect: func(b *builder, _ Row) { b.fn.Refutes, b.fn.Library = true, true }},
		{name: "verdict", about: function, check: returnsBool,
			doc:    "true if the error that it is given is nil; it keeps none of its arguments",
			effect: func(b *builder, _ Row) { b.fn.Verdict, b.fn.Library = true, true }},
		{name: "once", about: function,
			doc:    "its func parameter runs once, however often it is called",
			effect: func(b *builder, _ Row) { b.fn.Once = true }},
		{name: "deadline", about: function,
			doc:    "returns a context that ends by itself, after what the second parameter says",
			effect: func(b *builder, _ Row) { b.fn.Deadline = true }},
		{name: "nopanic", about: function,
			doc:    "does not panic; it keeps none of its arguments",
			effect: func(b *builder, _ Row) { b.fn.NoPanic, b.fn.Library = true, true }},
		{name: "pause", about: function,
			doc:    "waits until some time has passed",
			effect: func(b *builder, _ Row) { b.fn.Pause = true }},
		{name: "serve", about: function, keep: (*index).keepStart,
			doc: `serves until it is stopped. It is looked for by syntax, so the type is the one that
				code has at hand: it may embed the one that declares the method, or be an alias of it`},
		{name: "entry", about: function, options: "param", check: hasParam, keep: (*index).keepEntry,
			doc:    "a serverless entry point and the handler it is given",
			effect: func(b *builder, r Row) { b.fn.Entries = append(b.fn.Entries, b.param(r, isHandler)) }},
		{name: "miss", about: function, names: "COMMAND...", read: (*rowParser).rowMiss,
			doc: "of these Redis commands a client reports a missing key as an error"},
		{name: "free", about: function, names: "COMMAND...", read: (*rowParser).rowFree,
			doc: "these Redis commands take back what was put on the server"},
		{name: "request", about: function, types: true, keep: (*index).keepRequest,
			doc: `a request, or what it is answered by: a function that gets one, or a pointer to
				one, serves requests`},
	}
}

func conductWords() []word {
	return []word{
		{name: "slow", about: conduct,
			doc:    "waits for something that is not Redis: a sleep, a round trip, a person",
			effect: func(b *builder, _ Row) { b.conduct.Slow = true }},
		{name: "input", about: conduct,
			doc:    "waits for a person if its first parameter reads from standard input",
			effect: func(b *builder, _ Row) { b.conduct.Input = true }},
		{name: "rpc", about: conduct, types: true,
			doc: "a call whose last parameter is any number of these is a round trip"},
		{name: "waits", about: conduct, options: "ctx", check: hasContext,
			doc: `a command that waits until there is something to return. Its time.Duration, or the
				field Block of a struct that it is given, says how long: zero is for ever. ctx: the
				deadline of its context bounds it too`,
			effect: func(b *builder, r Row) { b.conduct.Waits = b.wait(r) }},
		{name: "receive", about: conduct, options: "ctx confirms", check: hasContext,
			doc: `the same of a message of a subscription; confirms: or of its confirmation, which
				comes at once`,
			effect: func(b *builder, r Row) {
				b.conduct.Waits, b.conduct.Receives, b.conduct.Confirms = b.wait(r), true, r.confirms
			}},
		{name: "dated", about: conduct,
			doc:    "its first result is a context with a deadline",
			effect: func(b *builder, _ Row) { b.conduct.Dated = true }},
		{name: "messages", about: conduct, check: returnsChan,
			doc:    "its result is a channel of a subscription's messages",
			effect: func(b *builder, _ Row) { b.conduct.Messages = true }},
		{name: "names", about: conduct, options: "param",
			doc:    "a parameter is the name of a command, those after it are its arguments",
			check:  func(b *builder, r Row) string { return unless(b.named(r) >= 0, "there is no name") },
			effect: func(b *builder, r Row) { b.conduct.Names = b.named(r) }},
		{name: "builds", about: conduct, options: "step",
			doc:    "begins a command that blocks without a timeout if the method step= is given zero",
			check:  func(_ *builder, r Row) string { return unless(len(r.steps) == 1, "want step=METHOD") },
			effect: func(b *builder, r Row) { b.conduct.Builds = r.steps[0] }},
		{name: "spawn", about: conduct, options: "callback", check: hasCallback,
			doc:    "runs a func parameter in a goroutine of its own",
			effect: func(b *builder, r Row) { b.conduct.Spawns = append(b.conduct.Spawns, b.callback(r)) }},
		{name: "keep", about: conduct, options: "param", check: hasParam,
			doc:    "its receiver holds a parameter from now on; the last one",
			effect: func(b *builder, r Row) { b.conduct.Keeps = append(b.conduct.Keeps, b.last(r)) }},
		{name: "register", about: conduct, options: "param", check: hasParam,
			doc:    "keeps a parameter reachable until the process ends; the last one",
			effect: func(b *builder, r Row) { b.conduct.Registers = append(b.conduct.Registers, b.last(r)) }},
		{name: "unregister", about: conduct,
			doc:    "takes back what was registered with its receiver, or with its package",
			effect: func(b *builder, _ Row) { b.conduct.Unregisters = true }},
		{name: "bounds", about: conduct,
			doc:    "gives a connection a read timeout",
			effect: func(b *builder, _ Row) { b.conduct.Bounds = true }},
		{name: "log", about: conduct,
			doc:    "writes to a log",
			effect: func(b *builder, _ Row) { b.conduct.Logs = true }},
		{name: "cancels", about: conduct, check: returnsContext,
			doc:    "a result is a context that another result ends",
			effect: func(b *builder, _ Row) { b.conduct.Cancels = true }},
		{name: "ends", about: conduct, check: returnsContext,
			doc:    "its result is the context of a request, which ends when the client has gone",
			effect: func(b *builder, _ Row) { b.conduct.Ends = true }},
		{name: "unlock", about: conduct, check: takesContext,
			doc: `takes back what was put on the server, as a lock is; that fails when its context
				has ended`,
			effect: func(b *builder, _ Row) { b.conduct.Unlocks = true }},
		{name: "until", about: conduct,
			doc:    "tells whether a request, or what else a context belongs to, has ended",
			effect: func(b *builder, _ Row) { b.conduct.Until = true }},
	}
}

// A rowOption is an option of rows of symbols, written name=value; or a flag,
// written name.
type rowOption struct {
	name string
	flag bool
	set  func(r *Row, value string) error // an error goes on after "name=value "
}

var rowOptions = []rowOption{
	{name: "result", set: number(func(r *Row) *int { return &r.result })},
	{name: "err", set: numberOrNone(func(r *Row) *int { return &r.err })},
	{name: "cleanup", set: numberOrNone(func(r *Row) *int { return &r.cleanup })},
	{name: "param", set: number(func(r *Row) *int { return &r.param })},
	{name: "callback", set: number(func(r *Row) *int { return &r.callback })},
	{name: "arg", set: number(func(r *Row) *int { return &r.arg })},
	{name: "when", set: number(func(r *Row) *int { return &r.when })},
	{name: "unless", set: number(func(r *Row) *int { return &r.unless })},
	{name: "over", flag: true, set: flag(func(r *Row) *bool { return &r.over })},
	{name: "later", flag: true, set: flag(func(r *Row) *bool { return &r.later })},
	{name: "opens", flag: true, set: flag(func(r *Row) *bool { return &r.opens })},
	{name: "inert", flag: true, set: flag(func(r *Row) *bool { return &r.inert })},
	{name: "ctx", flag: true, set: flag(func(r *Row) *bool { return &r.ctx })},
	{name: "confirms", flag: true, set: flag(func(r *Row) *bool { return &r.confirms })},
	{name: "step", set: list(func(r *Row) *[]string { return &r.steps })},
	{name: "release", set: list(func(r *Row) *[]string { return &r.release })},
	{name: "wraps", set: list(func(r *Row) *[]string { return &r.wraps })},
	{name: "derives", set: list(func(r *Row) *[]string { return &r.derives })},
	{name: "factory", set: list(func(r *Row) *[]string { return &r.factories })},
	{name: "scope", set: list(func(r *Row) *[]string { return &r.scopes })},
	{name: "kind", set: func(r *Row, value string) error {
		r.kind = Kind(value)
		if !r.kind.valid() {
			return errors.New("is no kind")
		}
		return nil
	}},
}

// optionOf returns an option by its name, or nil.
func optionOf(name string) *rowOption {
	i := slices.IndexFunc(rowOptions, func(o rowOption) bool { return o.name == name })
	if i < 0 {
		return nil
	}
	return &rowOptions[i]
}

// has reports whether the rows of a word may have an option.
func (w *word) has(option string) bool {
	return slices.Contains(strings.Fields(w.options), option)
}

// Text describes the words of a section, as the package comment has them: what
// a row looks like, and indented below it what it means.
func (s Section) Text() string {
	var text strings.Builder
	for _, w := range s.words {
		describe(&text, w.usage(), w.doc)
	}
	for _, o := range s.options {
		describe(&text, o.name+"=", o.doc)
	}
	return text.String()
}

// usage is what a row of the word looks like.
func (w *word) usage() string {
	usage := w.name + " "
	switch {
	case w.names != "":
		usage += w.names
	case w.types:
		usage += "TYPE"
	default:
		usage += "FUNC"
	}
	for _, name := range strings.Fields(w.options) {
		if o := optionOf(name); o != nil && !o.flag {
			name += "="
		}
		usage += " [" + name + "]"
	}
	return usage
}

// describe writes a line and, indented below it, what it means.
func describe(to *strings.Builder, line, meaning string) {
	const indent, width = "        ", 72
	fmt.Fprintln(to, line)
	line = indent
	for _, w := range strings.Fields(meaning) {
		switch {
		case line == indent:
			line += w
		case len(line)+1+len(w) <= width:
			line += " " + w
		default:
			fmt.Fprintln(to, line)
			line = indent + w
		}
	}
	fmt.Fprintln(to, line)
}
