package redisapi

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// check type-checks packages given as path and source; a package comes after
// those it imports.
func check(t *testing.T, sources ...string) map[string]*types.Package {
	t.Helper()
	pkgs := map[string]*types.Package{}
	fset := token.NewFileSet()
	conf := types.Config{Importer: importer(pkgs), IgnoreFuncBodies: true}
	for i := 0; i < len(sources); i += 2 {
		path, src := sources[i], sources[i+1]
		file, err := parser.ParseFile(fset, path+".go", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := conf.Check(path, fset, []*ast.File{file}, nil)
		if err != nil {
			t.Fatal(err)
		}
		pkgs[path] = pkg
	}
	return pkgs
}

type importer map[string]*types.Package

func (i importer) Import(path string) (*types.Package, error) { return i[path], nil }

// lookup finds "F", "T" or "T.M" in a package.
func lookup(t *testing.T, pkg *types.Package, name string) types.Object {
	t.Helper()
	typ, method, isMethod := strings.Cut(name, ".")
	obj := pkg.Scope().Lookup(typ)
	if obj != nil && isMethod {
		obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
	}
	if obj == nil {
		t.Fatalf("no %s in %s", name, pkg.Path())
	}
	return obj
}

func fn(t *testing.T, pkg *types.Package, name string) *types.Func {
	t.Helper()
	return lookup(t, pkg, name).(*types.Func)
}

func newTable(t *testing.T, extra string) *Table {
	t.Helper()
	table, err := New(extra)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

const goRedis = `package redis

type cmdable func(Cmder) error

func (c cmdable) Get(string) *Cmd
func (c cmdable) Pipelined(func(Pipeliner) error) error

type baseClient struct{}

func (c *baseClient) Close() error

type Client struct {
	*baseClient
	cmdable
}

func NewClient(*Options) *Client
func (c *Client) WithTimeout(int) *Client
func (c *Client) Conn() *Conn
func (c *Client) Options() *Options
func (c *Client) Pipeline() Pipeliner
func (c *Client) Watch(ctx any, fn func(*Tx) error, keys ...string) error
func (c *Client) Subscribe(...string) *PubSub
func (c *Client) unexported()

type Conn struct {
	baseClient
	cmdable
}

type Tx struct{ cmdable }

type PubSub struct{}

func (c *PubSub) Close() error

type Pipeline struct{ cmdable }

func (c *Pipeline) Exec() error

type StringCmdable interface{ Get(string) *Cmd }
type Cmdable interface {
	StringCmdable
	Pipeline() Pipeliner
}
type UniversalClient interface {
	Cmdable
	Close() error
}
type Pipeliner interface {
	Cmdable
	Exec() error
}

type Script struct{}

func (s *Script) Run(ctx any, c Scripter, keys []string) *Cmd

type Scripter interface{ Eval() *Cmd }
type Cmd struct{}
type Cmder interface{}
type Options struct{ OnConnect func(*Conn) error }

func ParseURL(string) (*Options, error)
`

const goRedisPath = "github.com/redis/go-redis/v9"

func TestFunc(t *testing.T) {
	pkgs := check(t,
		goRedisPath, goRedis,
		"shop/vendor/"+goRedisPath, goRedis,
		"github.com/redis/rueidis", `package rueidis
			type Client interface { Dedicate() (DedicatedClient, func()) }
			type DedicatedClient interface { Close() }`,
		"github.com/gomodule/redigo/redis", `package redis
			type Conn interface { Close() error }
			type Pool struct { Dial, DialContext func() (Conn, error); TestOnBorrow func(Conn) error }
			func (p *Pool) GetContext(any) (Conn, error)
			func NewPool(newFn func() (Conn, error), maxIdle int) *Pool
			func NewLoggingConn(conn Conn, prefix string) Conn`,
		"github.com/mediocregopher/radix.v2/redis", `package redis
			type Client struct{}
			func (c *Client) Close() error`,
		"github.com/mediocregopher/radix.v2/pool", `package pool
			import "github.com/mediocregopher/radix.v2/redis"
			type Pool struct{}
			func (p *Pool) Put(conn *redis.Client)`,
		"github.com/redis/rueidis/rueidisaside", `package rueidisaside
			type CacheAsideClient interface { Close() }
			type TypedCacheAsideClient[T any] struct{}
			func NewTypedCacheAsideClient[T any](client CacheAsideClient) TypedCacheAsideClient[T] { panic(0) }
			func (c TypedCacheAsideClient[T]) Del() error { panic(0) }
			var Typed = NewTypedCacheAsideClient[int]
			type Ints struct { TypedCacheAsideClient[int] }`,
		"slices", `package slices
			func SortFunc[S ~[]E, E any](x S, cmp func(a, b E) int) { panic(0) }
			func Clone[S ~[]E, E any](x S) S { panic(0) }`,
		"fmt", `package fmt
			func Println(...any)`,
		"os", `package os
			func Exit(int)`,
		"testing", `package testing
			type common struct{}
			func (c *common) Fatal(...any)
			type T struct { common }`,
		"github.com/aws/aws-lambda-go/lambda", `package lambda
			import "os"
			func StartWithContext(ctx interface{ Done() }, handler interface{})
			var _ = os.Exit`,
	)
	open := func(kind Kind, release ...string) []Open {
		return []Open{{Err: none, Cleanup: none, Kind: kind, Release: release}}
	}
	dedicated := Open{Err: none, Cleanup: 1, Kind: Dedicated, Release: []string{"Close"}}
	fallible := Open{Inert: true, Err: 1, Cleanup: none, Kind: Conn, Release: []string{"Close"}}
	const redigo, rueidis = "github.com/gomodule/redigo/redis", "github.com/redis/rueidis"
	tests := []struct {
		path, name string
		want       *Func // its name, and for libraries Library, are filled in below
	}{
		{goRedisPath, "NewClient", &Func{Opens: open(Client, "Close")}},
		{goRedisPath, "Client.Subscribe", &Func{Opens: open(Subscription, "Close")}},
		{goRedisPath, "Client.WithTimeout", &Func{Aliases: []Alias{{0, 0}}}},
		{goRedisPath, "Client.Pipeline", &Func{Derives: []Alias{{0, 0}}}},
		{goRedisPath, "Client.Watch", &Func{Scopes: []Scope{{Callback: 2, Arg: 0}}}},
		{goRedisPath, "Client.Close", &Func{Releases: []int{0}}}, // promoted from baseClient
		{goRedisPath, "UniversalClient.Close", &Func{Releases: []int{0}}},
		{goRedisPath, "Script.Run", &Func{Commands: []int{2}}},
		{goRedisPath, "Client.unexported", nil},
		{"shop/vendor/" + goRedisPath, "NewClient", &Func{Opens: open(Client, "Close")}},
		{rueidis, "Client.Dedicate", &Func{Opens: []Open{dedicated}}},
		{redigo, "Pool.GetContext", &Func{Opens: []Open{fallible}}},
		{redigo, "NewPool", &Func{Opens: open(Pool, "Close"), Factories: []int{0}}},
		{redigo, "NewLoggingConn", &Func{Aliases: []Alias{{0, 0}}}},
		{"github.com/mediocregopher/radix.v2/pool", "Pool.Put", &Func{Releases: []int{1}}},
		{"github.com/redis/rueidis/rueidisaside", "NewTypedCacheAsideClient", &Func{Derives: []Alias{{0, 0}}}},
		{"github.com/redis/rueidis/rueidisaside", "Ints.Del", &Func{}}, // a method of an instance
		{"slices", "SortFunc", &Func{Calls: []int{1}}},
		{"slices", "Clone", nil},
		{"fmt", "Println", &Func{Library: true}},
		{"os", "Exit", &Func{NoReturn: true}},
		{"testing", "T.Fatal", &Func{NoReturn: true, Library: true}},
		{"github.com/aws/aws-lambda-go/lambda", "StartWithContext", &Func{Entries: []int{1}}},
	}
	table := newTable(t, "")
	for _, tt := range tests {
		t.Run(tt.path+"."+tt.name, func(t *testing.T) {
			f := fn(t, pkgs[tt.path], tt.name)
			if err := table.Check(f); err != nil {
				t.Error(err)
			}
			got := table.Func(f)
			if tt.want != nil && got != nil {
				tt.want.Library = tt.want.Library || table.Covers(tt.path)
				tt.want.Name = got.Name
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			if again := table.Func(f); again != got {
				t.Error("a second answer differs from the first")
			}
		})
	}
}

func TestFuncName(t *testing.T) {
	pkgs := check(t, "a/vendor/"+goRedisPath, goRedis,
		"github.com/redis/rueidis/rueidisaside", `package rueidisaside
			type Typed[T any] struct{}
			func (c *Typed[T]) Del() error { panic(0) }`)
	table := newTable(t, "")
	for _, tt := range []struct{ path, name, want string }{
		{"a/vendor/" + goRedisPath, "NewClient", "github.com/redis/go-redis/v9.NewClient"},
		{"a/vendor/" + goRedisPath, "Client.Conn", "(*github.com/redis/go-redis/v9.Client).Conn"},
		{"a/vendor/" + goRedisPath, "UniversalClient.Close", "(github.com/redis/go-redis/v9.UniversalClient).Close"},
		{"github.com/redis/rueidis/rueidisaside", "Typed.Del", "(*github.com/redis/rueidis/rueidisaside.Typed).Del"},
	} {
		if got := table.Func(fn(t, pkgs[tt.path], tt.name)).Name; got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestCommand(t *testing.T) {
	pkgs := check(t, goRedisPath, goRedis, "app", `package app
		import redis "github.com/redis/go-redis/v9"
		type Embeds struct { *redis.Client }
		type Store interface { redis.UniversalClient; Flush() }
		type Other struct{}
		func (Other) Get(string) {}`)
	table := newTable(t, "")
	tests := []struct {
		path, recv, method string
		on, alone          bool // CommandOn the receiver, Command by the declaring type
	}{
		{goRedisPath, "Client", "Get", true, true}, // declared by cmdable
		{goRedisPath, "Client", "Close", false, false},
		{goRedisPath, "Client", "Options", false, false},
		{goRedisPath, "Client", "Watch", true, true},
		{goRedisPath, "Client", "Subscribe", true, true},
		{goRedisPath, "Client", "unexported", false, false},
		{goRedisPath, "UniversalClient", "Get", true, true}, // declared by StringCmdable
		{goRedisPath, "UniversalClient", "Pipeline", false, false},
		{goRedisPath, "Pipeliner", "Get", false, true}, // queued, which only the receiver tells
		{goRedisPath, "Pipeliner", "Exec", true, true},
		{goRedisPath, "Pipeline", "Get", false, true},
		{goRedisPath, "Tx", "Get", true, true},
		{"app", "Embeds", "Get", true, true},
		{"app", "Embeds", "Close", false, false},
		{"app", "Store", "Get", true, true},
		{"app", "Store", "Flush", false, false},
		{"app", "Other", "Get", false, false},
	}
	for _, tt := range tests {
		pkg := pkgs[tt.path]
		f := fn(t, pkg, tt.recv+"."+tt.method)
		recv := lookup(t, pkg, tt.recv).Type()
		if !types.IsInterface(recv) {
			recv = types.NewPointer(recv)
		}
		if got := table.CommandOn(recv, f); got != tt.on {
			t.Errorf("CommandOn(%s, %s) = %v", tt.recv, tt.method, got)
		}
		if got := table.Command(f); got != tt.alone {
			t.Errorf("Command(%s.%s) = %v", tt.recv, tt.method, got)
		}
	}
	if table.Command(fn(t, pkgs[goRedisPath], "NewClient")) {
		t.Error("a function is a command")
	}
}

func TestTypeAndLiteral(t *testing.T) {
	pkgs := check(t, goRedisPath, goRedis, "a/vendor/"+goRedisPath, goRedis,
		"github.com/gomodule/redigo/redis", `package redis; type Pool struct{}; type PubSubConn struct{}; type Args []any`)
	name := func(path, n string) *types.TypeName { return lookup(t, pkgs[path], n).(*types.TypeName) }
	table := newTable(t, "")
	for _, path := range []string{goRedisPath, "a/vendor/" + goRedisPath} {
		got := table.Type(name(path, "Client"))
		if got == nil || got.Kind != Client || !slices.Equal(got.Release, []string{"Close"}) || got.Name != goRedisPath+".Client" {
			t.Errorf("%s: Client is %+v", path, got)
		}
		if got := table.Type(name(path, "Options")); got != nil {
			t.Errorf("%s: Options is %+v", path, got)
		}
		if got := table.Literal(name(path, "Options")); got == nil || !slices.Equal(got.Scopes, []string{"OnConnect"}) {
			t.Errorf("%s: a literal of Options is %+v", path, got)
		}
	}
	if got := table.Type(types.Universe.Lookup("error").(*types.TypeName)); got != nil {
		t.Errorf("error is %+v", got)
	}
	const redigo = "github.com/gomodule/redigo/redis"
	want := &Literal{
		Opens:     &Open{Err: none, Cleanup: none, Kind: Pool, Release: []string{"Close"}},
		Factories: []string{"Dial", "DialContext"}, // of two rows
		Scopes:    []string{"TestOnBorrow", "TestOnBorrowContext"},
	}
	if got := table.Literal(name(redigo, "Pool")); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := table.Literal(name(redigo, "PubSubConn")); got == nil || !slices.Equal(got.Wraps, []string{"Conn"}) {
		t.Errorf("a literal of PubSubConn is %+v", got)
	}
	if got := table.Literal(name(redigo, "Args")); got != nil {
		t.Errorf("a literal of Args is %+v", got)
	}
}

func TestCovers(t *testing.T) {
	table := newTable(t, "open example.com/cache.New\nnoreturn example.com/die.Now\nlibrary x\npackage p example.com/x\n")
	for path, want := range map[string]bool{
		"github.com/redis/go-redis/v9":                           true,
		"shop/vendor/github.com/redis/go-redis/v9":               true,
		"vendor/github.com/redis/go-redis/v9":                    true,
		"github.com/go-micro/plugins/v4/store/redis":             true, // of a package row over several lines
		"github.com/redis/go-redis/v9/internal/pool":             false,
		"github.com/redis/go-redis":                              true,
		"github.com/redis/go-redis/v8":                           false,
		"os":                                                     false,
		"github.com/aws/aws-lambda-go/lambda":                    false,
		"example.com/cache":                                      true,
		"example.com/x":                                          true,
		"example.com/die":                                        false,
		"example.com/vendored/github.com/redis/go-redis/v9":      false,
		"example.com/a/vendor/github.com/gomodule/redigo/redis":  true,
		"example.com/a/vendor/github.com/gomodule/redigo/redisx": true,
	} {
		if got := table.Covers(path); got != want {
			t.Errorf("Covers(%q) = %v", path, got)
		}
	}
}

func TestUserRows(t *testing.T) {
	pkgs := check(t, goRedisPath, goRedis,
		"example.com/cache", `package cache
			type Pool struct{}
			func (p *Pool) Drain()
			func New() (*Pool, error)
			func Dial() (any, func(), error)
			func Help(p *Pool)
			func Die()`)
	const cache = "example.com/cache"
	table := newTable(t, `
		# a comment
library cache                     # and another
package cache example.com/cache
in cache
type Pool pool Drain Close
open New
open Dial kind=connection
noreturn Die
# what is built in is replaced
lend (*github.com/redis/go-redis/v9.Client).Conn
`)
	want := map[string]*Func{
		"New":  {Name: cache + ".New", Library: true, Opens: []Open{{0, 1, none, Pool, []string{"Drain", "Close"}, false}}},
		"Dial": {Name: cache + ".Dial", Library: true, Opens: []Open{{0, 2, 1, Conn, nil, false}}},
		"Help": {Name: cache + ".Help", Library: true},
		"Die":  {Name: cache + ".Die", Library: true, NoReturn: true},
	}
	for name, want := range want {
		if got := table.Func(fn(t, pkgs[cache], name)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot  %+v\nwant %+v", name, got, want)
		}
	}
	if got := table.Func(fn(t, pkgs[cache], "Pool.Drain")); got == nil || !slices.Equal(got.Releases, []int{0}) {
		t.Errorf("Drain is %+v", got)
	}
	conn := table.Func(fn(t, pkgs[goRedisPath], "Client.Conn"))
	if len(conn.Opens) != 0 || !slices.Equal(conn.Lends, []int{0}) {
		t.Errorf("Conn is %+v", conn)
	}
	if got := table.Func(fn(t, pkgs[goRedisPath], "NewClient")); len(got.Opens) != 1 {
		t.Errorf("NewClient is %+v", got)
	}
	// Without a package row, a function that no row names is unknown.
	table = newTable(t, "open example.com/cache.New kind=pool release=Drain")
	if got := table.Func(fn(t, pkgs[cache], "Help")); got != nil {
		t.Errorf("Help is %+v", got)
	}
	if got := table.Func(fn(t, pkgs[cache], "New")); got == nil || len(got.Opens) != 1 || got.Library {
		t.Errorf("New is %+v", got)
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ rows, want string }{
		{"opne example.com/a.New", `line 1: unknown row "opne"`},
		{"# c\n\nopen", `line 3: open row names nothing`},
		{"open result=1", `line 1: open row names nothing`},
		{"open New", `line 1: New needs its import path, or an in row above`},
		{"open (*Client).Get", `line 1: (*Client).Get needs its import path, or an in row above`},
		{"open (*a.Client.Get", `line 1: "(*a.Client.Get" is no method: want (*T).M`},
		{"open ()a.Get", `line 1: "()a.Get" is no method: want (*T).M`},
		{"open ().Get", `line 1: "().Get" is no method: want (*T).M`},
		{"open a.b-c", `line 1: "a.b-c" is no symbol`},
		{"open a.New|", `line 1: "a.New|" is no symbol`},
		{"open a.*", `line 1: "a.*" is no symbol`},
		{"open a.New result=x", `line 1: result=x is not a position`},
		{"open a.New result=-1", `line 1: result=-1 is not a position`},
		{"open a.New result=", `line 1: option "result" has no value`},
		{"open a.New param=1", `line 1: open row has no option "param"`},
		{"open a.New later", `line 1: open row has no option "later"`},
		{"open a.New kind=disk", `line 1: kind=disk is no kind`},
		{"alias a.New result=none", `line 1: result=none is not a position`},
		{"type a.T", `line 1: want type TYPE KIND [METHOD...]`},
		{"type a.T disk", `line 1: unknown kind "disk"`},
		{"type (*a.T).M client", `line 1: type row wants a type, not the method (*a.T).M`},
		{"type a.T client Close\n\ntype a.T pool", `line 3: a second type row for a.T`},
		{"commands a.T\ncommands a.T except Close", `line 2: a second commands row for a.T`},
		{"commands a.T but Close", `line 1: want except or only, not "but"`},
		{"commands a.T only", `line 1: only what?`},
		{"library", `line 1: want library NAME`},
		{"module a", `line 1: want module PATH VERSION`},
		{"package a", `line 1: want package TAG PATH...`},
		{"package a b\nin b", `line 2: no package row has the tag "b"`},
		{"in", `line 1: want in TAG...`},
		{"setting (a.T).F", `line 1: want setting SYMBOL... ROLE`},
		{"setting (a.T).F quick", `line 1: want setting SYMBOL... ROLE`},
		{"setting (a.T).F dial quick", `line 1: unknown role "quick"`},
		{"setting (a.T).F.G- dial", `line 1: "(a.T).F.G-" is no symbol`},
		{"setting (*a.T).F dial", `line 1: (*a.T).F is no field: want (OPTIONS).FIELD, or param=`},
		{"setting a.Dial dial param=x", `line 1: param=x is not a position`},
		{"setting (a.T).F dial default=", `line 1: option "default" has no value`},
		{"setting (a.T).F dial deflt=1", `line 1: setting row has no option "deflt"`},
		{"setting (a.T).F dial unit=ms", `line 1: unknown unit "ms"`},
		{"query key=F", `line 1: query row names nothing`},
		{"query a.Parse key=F-", `line 1: "key=F-": want KEY=FIELD`},
		{"open a.New\n  # comment\n\n  kind=disk", `line 1: kind=disk is no kind`}, // of the row's first line
	} {
		_, err := New(tt.rows)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q\ngot  %v\nwant %s", tt.rows, err, tt.want)
		}
	}
}

// Settings are told apart by what a version of the library has, and the first
// row that holds is the one.
func TestSettings(t *testing.T) {
	rows := `library dial
package p example.com/p
in p
setting (Options).Read read default=5s has=New
setting (Options).Read read default=3s
setting (Options).Write write default=Read lacks=Client.Old
setting (Options).Gone retry default=3 off=-1
setting (Options).Dialer.Timeout dial default=none unless=Dial
setting (Options).List.WithTimeout dial default=none
setting (Option).WithTimeout|WithNothing dial default=none none=0
setting Dial dial param=1 none=0
setting Dial read param=2
setting Bare io default=none code=PKG.Dial(ARGS, LIMIT)
query Parse read=Read off=0:Gone
`
	source := `package p
		type Dialer struct { Timeout int }
		type Option func()
		type Options struct { Read, Write int; Dialer *Dialer; List []Option }
		func WithTimeout(d int) Option
		type Client struct{}
		func (*Client) Old()
		func Dial(addr string, timeout int)
		func Bare(addr string)
		func Parse(url string) *Options
`
	for _, tt := range []struct{ extra, want string }{
		{"", "Read=3s Dialer.Timeout=none List.WithTimeout=none()"},
		{"func New()", "Read=5s Dialer.Timeout=none List.WithTimeout=none()"},
	} {
		pkg := check(t, "example.com/p", source+tt.extra)["example.com/p"]
		table := newTable(t, rows)
		var got []string
		for _, x := range table.Settings(pkg.Scope().Lookup("Options").(*types.TypeName)) {
			s := x.Name() + "=" + x.Default
			if x.Option {
				s += "()"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("with %q: %s, want %s", tt.extra, s, tt.want)
		}
		if list := table.Settings(pkg.Scope().Lookup("Option").(*types.TypeName)); len(list) != 1 || !list[0].Option {
			t.Errorf("options: %+v", list)
		}
		if list := table.Arguments(fn(t, pkg, "Dial")); len(list) != 1 || list[0].Param != 1 || list[0].Path != nil {
			t.Errorf("arguments: %+v", list)
		}
		if list := table.Arguments(fn(t, pkg, "Bare")); len(list) != 1 || !list[0].Call || list[0].Code != "PKG.Dial(ARGS, LIMIT)" {
			t.Errorf("a bare call: %+v", list)
		}
		f := table.Func(fn(t, pkg, "Parse"))
		if want := []Query{{"read", "Read", ""}, {"off", "Gone", "0"}}; !f.Parses || !slices.Equal(f.Query, want) {
			t.Errorf("query: %+v", f.Query)
		}
	}
}

// A row may be right in itself and wrong for the function it names.
func TestCheck(t *testing.T) {
	pkgs := check(t, "a", `package a
		type T struct{}
		func (T) Close()
		func Nothing()
		func Value() int
		func Two() (T, error)
		func Take(T)`)
	for _, tt := range []struct{ row, fn, want string }{
		{"open a.Nothing", "Nothing", "no result has a type row"},
		{"open a.Value", "Value", "no result has a type row"},
		{"open a.Value kind=client release=Close", "Value", ""},
		{"open a.Two", "Two", ""},
		{"open a.Two result=2", "Two", "there is no result 2"},
		{"open a.Two err=0", "Two", "result 0 is no error"},
		{"open a.Two cleanup=0", "Two", "result 0 is no func without parameters"},
		{"alias a.Take", "Take", "there is no result"},
		{"take a.Take param=1", "Take", "there is no parameter 1"},
		{"release a.Nothing", "Nothing", "there is no parameter"},
		{"calls a.Take", "Take", "no parameter is a func"},
		{"scope a.Take", "Take", "the callback is no func"},
		{"scope a.Take callback=0", "Take", "the callback is no func"},
		{"factory a.Take", "Take", "parameter 0 is no func"},
		{"lend a.Nothing", "Nothing", "there is no result"},
	} {
		table := newTable(t, "type a.T client Close\n"+tt.row)
		f := fn(t, pkgs["a"], tt.fn)
		err := table.Check(f)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.row, err, tt.want)
		}
		table.Func(f) // must not panic
	}
}

func TestLooksLikeClient(t *testing.T) {
	for path, want := range map[string]bool{
		"github.com/acme/redisx": true, "example.com/go-redis/v2": true, "example.com/valkeyutil": true, "example.com/redigo": true,
		"example.com/rediscovery": false, "example.com/redistribute": false, "example.com/radius": false, "net/http": false,
	} {
		if LooksLikeClient(path) != want {
			t.Errorf("%s: %v, want %v", path, !want, want)
		}
	}
}

// A library's rows are parsed when first asked, once, by whoever asks.
func TestLazy(t *testing.T) {
	pkgs := check(t, goRedisPath, goRedis, "os", "package os\nfunc Exit(int)")
	table := newTable(t, "")
	parsed := func() (names []string) {
		for _, f := range table.builtin {
			if f.idx != nil && !slices.Contains(names, f.name) {
				names = append(names, f.name)
			}
		}
		return names
	}
	if table.Covers("github.com/redis/rueidis"); len(parsed()) != 0 {
		t.Errorf("parsed %v before anything was asked", parsed())
	}
	exit, get, client := fn(t, pkgs["os"], "Exit"), fn(t, pkgs[goRedisPath], "Client.Get"), lookup(t, pkgs[goRedisPath], "Client").(*types.TypeName)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if table.Func(exit) == nil || table.Func(get) == nil || table.Type(client) == nil || !table.Command(get) {
					t.Error("an answer is missing")
				}
			}
		})
	}
	wg.Wait()
	if got := parsed(); !slices.Equal(got, []string{"go-redis.rows"}) {
		t.Errorf("parsed %v", got)
	}
}

// isGeneral reports whether a file of rows is about no library.
func isGeneral(file string) bool { return file == stdFile || slices.Contains(generalFiles[:], file) }

func TestBuiltinRows(t *testing.T) {
	libs, err := Libraries()
	if err != nil {
		t.Fatal(err)
	}
	owner := map[string]string{}
	for file, lib := range libs {
		if lib.Name == "" && !isGeneral(file) {
			t.Errorf("%s has no library row", file)
		}
		for _, p := range lib.Packages {
			if other := owner[p.Path]; other != "" && other != file {
				t.Errorf("%s is in %s and in %s", p.Path, other, file)
			}
			owner[p.Path] = file
		}
	}
	// What is found without parsing is what parsing finds.
	table := newTable(t, "")
	for path, file := range owner {
		if table.builtin[path] == nil || table.builtin[path].name != file {
			t.Errorf("%s is not found in %s", path, file)
		}
	}
	if len(table.builtin) != len(owner) {
		t.Errorf("%d packages are found, %d are there", len(table.builtin), len(owner))
	}
	// A row about a package that its file does not list would never be asked.
	for file, lib := range libs {
		for _, r := range lib.Rows {
			if !isGeneral(file) && owner[r.Path] != file && !r.AboutConduct() {
				t.Errorf("%s: line %d: %s has no package row", file, r.Line, r.Path)
			}
			if isGeneral(file) && r.word.about == library {
				t.Errorf("%s: line %d: a %s row belongs to a library", file, r.Line, r.Word)
			}
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(""); err != nil {
			b.Fatal(err)
		}
	}
}

// Whatever rows there are, they are read or refused with one line that names
// theirs, and what is read can be asked.
func FuzzParse(f *testing.F) {
	for _, rows := range []string{
		"in example.com/a\n\topen New result=0\n", "open example.com/a.New\n  kind=client # why\n", "type example.com/a.T client Close Stop\n",
		"library a\nmodule example.com/a v1.0.0\npackage example.com/a\nopen New", "alias (*example.com/a.T).M", "option example.com/a.Options.MaxRetries retries=-1",
	} {
		f.Add(rows)
	}
	for _, name := range fileNames() {
		text, err := files.ReadFile("rows/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, rows string) {
		table, err := New(rows)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %q", err)
			}
			return
		}
		table.Covers("example.com/a")
	})
}
