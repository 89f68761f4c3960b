package evidence

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// programs are main functions, with the evidence that each shows.
var programs = []struct{ want, imports, code string }{
	{"any ", `"fmt"`, `func main() { fmt.Println() }`},
	{"service http.ListenAndServe", `"net/http"`, `func main() { http.ListenAndServe(":80", nil) }`},
	// An import is no evidence, and neither is a client.
	{"any ", `"net/http"`, `func main() { http.Get("x") }`},
	{"any ", `"github.com/aws/aws-lambda-go/lambda"`, `func main() { lambda.NewHandler(nil) }`},
	{"service srv.ListenAndServe", `"net/http"`, `func main() { srv := &http.Server{}; go func() { srv.ListenAndServe() }() }`},
	{"service s.http.Serve", `"net/http"`, `type server struct { http *http.Server }; func (s *server) run() { s.http.Serve(nil) }; func main() { new(server).run() }`},
	{"service s.ListenAndServe", `"net/http"`, `type server struct { *http.Server }; func main() { s := server{}; s.ListenAndServe() }`},
	{"any ", `"os/exec"; "github.com/gin-gonic/gin"`, `var _ = gin.New; func main() { cmd := exec.Command("ls"); cmd.Run() }`},
	{"service r.Run", `"github.com/gin-gonic/gin"`, `func main() { r := gin.Default(); r.Run() }`},
	{"serverless lambda.Start", `"github.com/aws/aws-lambda-go/lambda"`, `var start = lambda.Start; func main() { start(nil) }`},
	{"serverless lambda.Start", `"net/http"; "github.com/aws/aws-lambda-go/lambda"`, `func main() { if local() { http.ListenAndServe("", nil) }; lambda.Start(nil) }; func local() bool { return true }`},
	// What nothing calls does not run.
	{"any ", `"net/http"`, `func main() {}; func serve() { http.ListenAndServe("", nil) }`},
	{"service http.ListenAndServe", `"net/http"`, `type cmd struct { run func() }; var serve = &cmd{run: func() { http.ListenAndServe("", nil) }}; func main() { serve.run() }`},
	{"service an endless loop", ``, `func main() { for { work() } }; func work() {}`},
	{"service an endless loop", `"context"`, `func main() { for { select { case <-ctx.Done(): return; case <-work: } } }; var ctx context.Context; var work chan int`},
	{"any ", ``, `func main() { for { if work() { return } } }; func work() bool { return true }`},
	{"any ", ``, `func main() { for { if work() { break } } }; func work() bool { return true }`},
	{"service an endless loop", ``, `func main() { for { switch { case work(): break } } }; func work() bool { return true }`},
	// A goroutine ends with main.
	{"any ", ``, `func main() { go func() { for { } }() }`},
	{"service select {}", ``, `func main() { select {} }`},
	{"service waiting for a signal", `"os"; "os/signal"`, `func main() { c := make(chan os.Signal, 1); signal.Notify(c); <-c }`},
	{"any ", `"os"; "os/signal"`, `func main() { c := make(chan os.Signal, 1); signal.Notify(c); go func() { <-c; os.Exit(1) }() }`},
	{"any ", `"context"; "os/signal"`, `func main() { ctx, stop := signal.NotifyContext(context.Background()); defer stop(); run(ctx) }; func run(ctx context.Context) {}`},
	{"service <-ctx.Done()", `"context"`, `func main() { run(nil) }; func run(ctx context.Context) { <-ctx.Done() }`},
	{"service an accept loop", `"net"`, `func main() { l, err := net.Listen("", ""); for err == nil { _, err = l.Accept() } }`},
	{"service a loop over a ticker", `"time"`, `func main() { for range time.Tick(1) {} }`},
	{"serverless Main of a package without func main", ``, `func Main(args map[string]any) map[string]any { return nil }`},
}

func TestProgram(t *testing.T) {
	for _, test := range programs {
		p := parse(t, "main", "package main\nimport ("+test.imports+")\n"+test.code)
		w := world(t, p)
		e := w.Function(p)
		if e.Kind == Unknown {
			e = w.Program(p, true)
		}
		if got := e.Kind.String() + " " + e.What; got != test.want {
			t.Errorf("%s\n\tgot %q, want %q", test.code, got, test.want)
		}
	}
}

// A walk goes through packages, and finds what methods of unknown values are.
func TestPackages(t *testing.T) {
	main := parse(t, "app", `package main
import "app/cmd"
func main() { cmd.Execute() }`)
	cmd := parse(t, "app/cmd", `package cmd
import ("app/server"; "os")
type runner interface { Run() }
func Execute() { var r runner = server.New(); start(r) }
func start(r runner) { r.Run(); os.Exit(0) }`)
	server := parse(t, "app/server", `package server
import "net/http"
type server struct{}
func New() *server { return nil }
func (s *server) Run() { http.ListenAndServe("", nil) }
func (s *server) Other() {}`)
	if e := world(t, main, cmd, server).Program(main, false); e.Kind != Service || e.What != "http.ListenAndServe" {
		t.Errorf("got %v", e)
	}
	// Nobody makes a server, so that its methods do not run.
	cmd = parse(t, "app/cmd", `package cmd
import "os/exec"
func Execute() { run(nil) }
func run(c interface{ Run() }) { c.Run(); exec.Command("x").Run() }`)
	if e := world(t, main, cmd, server).Program(main, false); e.Kind != Unknown {
		t.Errorf("got %v", e)
	}
}

func TestFunction(t *testing.T) {
	for _, test := range []struct {
		want, code string
		root       bool
	}{
		{"serverless", `package function; func Handle(req []byte) string { return "" }`, false},
		{"any", `package function; func Other() {}`, false},
		{"serverless", `package fn; import "net/http"; func Hello(w http.ResponseWriter, r *http.Request) {}; func helper() {}`, true},
		{"any", `package fn; import "net/http"; func Hello(w http.ResponseWriter, r *http.Request) {}`, false},
		{"any", `package fn; import "net/http"; func Hello(w http.ResponseWriter, r *http.Request) {}; func New() {}`, true},
		{"serverless", `package fn; import "context"; func Store(ctx context.Context, e GCSEvent) error { return nil }; type GCSEvent struct{}`, true},
		{"any", `package fn; import "context"; func Store(ctx context.Context, name string) error { return nil }`, true},
		{"serverless", `package fn; import "github.com/GoogleCloudPlatform/functions-framework-go/functions"; func init() { functions.HTTP("a", nil) }`, false},
		{"any", `package fn; import "github.com/aws/aws-lambda-go/lambda"; func Start() { lambda.Start(nil) }`, false},
	} {
		p := parse(t, "app/fn", test.code)
		p.Root = test.root
		if e := world(t, p).Function(p); e.Kind.String() != test.want {
			t.Errorf("%s\n\tgot %v, want %s", test.code, e, test.want)
		}
	}
}

func parse(t *testing.T, path, code string) *Package {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", code, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return &Package{Path: path, Name: f.Name.Name, Files: []*ast.File{f}}
}

func world(t *testing.T, list ...*Package) *World {
	t.Helper()
	known, err := Know("")
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]*Package{}
	for _, p := range list {
		own[p.Path] = p
	}
	return &World{Knowledge: known, Own: func(path string) *Package { return own[path] }}
}
