package monitoring

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/redislint/redislint/rediscope"
)

// messages lists what rediscope logs, with the level of each message.
func messages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../rediscope/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 3 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || method.Sel.Name != "LogAttrs" {
				return true
			}
			level, isLevel := call.Args[1].(*ast.SelectorExpr)
			text, isText := call.Args[2].(*ast.BasicLit)
			if !isLevel || !isText {
				t.Errorf("%s: a level or a message is no constant", file)
				return true
			}
			message, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatal(err)
			}
			found[message] = strings.ToLower(strings.TrimPrefix(level.Sel.Name, "Level"))
			return true
		})
	}
	return found
}

// The page lists what rediscope logs.
func TestMessagesAreListed(t *testing.T) {
	logged, listed := messages(t), rows(t, "Logs")
	for message, level := range logged {
		if cells := listed[message]; len(cells) != 2 || cells[0] != level {
			t.Errorf("rediscope logs %q at the level %s, README.md says %q", message, level, cells)
		}
	}
	for message := range listed {
		if logged[message] == "" {
			t.Errorf("README.md lists %q, which rediscope does not log", message)
		}
	}
}

// Log queries look for what is logged, by rediscope or by go-redis.
func TestQueriesFindMessages(t *testing.T) {
	logged := messages(t)
	logged[redis.ErrClosed.Error()] = "an error of go-redis"

	texts := []string{string(read(t, "loki/rules.yml"))}
	for _, block := range regexp.MustCompile("(?s)```(?:logql|cloudwatch)\n(.*?)```").FindAllStringSubmatch(string(read(t, "README.md")), -1) {
		texts = append(texts, block[1])
	}
	// In quotes, or between slashes.
	patterns := regexp.MustCompile(`"(redis: [^"]*)"|/(redis: [^/]*)/`)
	n := 0
	for _, text := range texts {
		for _, m := range patterns.FindAllStringSubmatch(text, -1) {
			n++
			pattern, err := regexp.Compile(m[1] + m[2])
			if err != nil {
				t.Error(err)
				continue
			}
			finds := false
			for message := range logged {
				finds = finds || pattern.MatchString(message)
			}
			if !finds {
				t.Errorf("%q finds nothing", pattern)
			}
		}
	}
	if len(texts) != 3 || n < 14 {
		t.Errorf("%d patterns in %d texts, are those all?", n, len(texts))
	}
}

// loggedLines is what two scopes write for each of two handlers, and a third
// that finds no server. Half of the clients cannot be closed.
func loggedLines(t *testing.T, addr string) string {
	t.Helper()
	var out strings.Builder
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, level), slog.NewJSONHandler(&out, level)} {
		log := rediscope.Logger(slog.New(handler))
		ping := func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() }
		if err := rediscope.WithRedis(t.Context(), ping, log, rediscope.URL("redis://"+addr)); err != nil {
			t.Error(err)
		}
		unclosable := &redis.Options{Addr: addr, Dialer: func(context.Context, string, string) (net.Conn, error) {
			c, err := net.Dial("tcp", addr)
			return stuck{c}, err
		}}
		if err := rediscope.WithRedis(t.Context(), ping, log, rediscope.Options(unclosable)); !errors.Is(err, errStuck) {
			t.Errorf("%v, want %v", err, errStuck)
		}
		if err := rediscope.WithRedis(t.Context(), ping, log, rediscope.URL("redis://"+freeAddr(t))); err == nil {
			t.Error("there is no server, and no error")
		}
	}
	return out.String()
}

// counted is what mtail makes of these lines.
var counted = map[string]int{
	"rediscope_connections_opened_total": 4,
	"rediscope_connections_closed_total": 4,
	"rediscope_connect_failed_total":     2,
	"rediscope_disconnect_failed_total":  2,
}

// stuck is a connection whose Close reports an error.
type stuck struct{ net.Conn }

var errStuck = errors.New("stuck")

func (s stuck) Close() error { return errors.Join(errStuck, s.Conn.Close()) }
