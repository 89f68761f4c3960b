package monitoring

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// newer are series of redis_exporter from 1.64 on. Debian's is older.
var newer = []string{"redis_max_clients", "redis_connected_client_info", "redis_connected_client_idle_since_timestamp"}

// TestLive lets a Prometheus with the kit's rules scrape a redis_exporter and a
// mtail, and leaks connections. In its copy of the rules minutes are seconds.
func TestLive(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	need(t, map[string]string{
		"prometheus": "prometheus", "prometheus-redis-exporter": "prometheus-redis-exporter",
		"redis-server": "redis-server", "mtail": "mtail",
	})
	dir := t.TempDir()

	server := freeAddr(t)
	_, port, _ := net.SplitHostPort(server)
	start(t, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", dir,
		"--maxclients", "66", "--maxmemory", "100mb")
	until(t, "redis-server answers", func() error {
		c, err := net.Dial("tcp", server)
		if err == nil {
			c.Close()
		}
		return err
	})
	exporter := freeAddr(t)
	export := func() (kill func()) {
		return start(t, "prometheus-redis-exporter", "-redis.addr", "redis://"+server,
			"-web.listen-address", exporter, "-export-client-list", "-export-client-port")
	}
	killExporter := export()
	own := freeAddr(t) // a server of the service, which no exporter watches
	_, port, _ = net.SplitHostPort(own)
	start(t, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	until(t, "redis-server answers", func() error {
		c, err := net.Dial("tcp", own)
		if err == nil {
			c.Close()
		}
		return err
	})
	service := newService(t)
	logs := filepath.Join(dir, "app.log")
	write(t, logs, "")
	mtail := freeAddr(t)
	host, port, _ := net.SplitHostPort(mtail)
	start(t, "mtail", "-progs", filepath.Join(kit, "mtail"), "-logs", logs, "-address", host, "-port", port)

	p := prometheus{t, "http://" + freeAddr(t)}
	for _, file := range ruleFiles {
		write(t, filepath.Join(dir, file), faster(string(read(t, "prometheus/"+file))))
	}
	write(t, filepath.Join(dir, "prometheus.yml"), fmt.Sprintf(`
global: {scrape_interval: 500ms, evaluation_interval: 500ms}
rule_files: [%s]
scrape_configs:
  - {job_name: redis, static_configs: [{targets: [%q]}]}
  - {job_name: logs, static_configs: [{targets: [%q]}]}
  - {job_name: service, static_configs: [{targets: [%q]}]}
`, strings.Join(ruleFiles, ", "), exporter, mtail, service.addr))
	start(t, "prometheus", "--config.file", filepath.Join(dir, "prometheus.yml"), "--log.level=warn",
		"--storage.tsdb.path", filepath.Join(dir, "data"), "--web.listen-address", strings.TrimPrefix(p.url, "http://"))
	until(t, "Prometheus scrapes all", func() error {
		for _, name := range []string{"redis_up", "rediscope_disconnect_failed_total", "redis:connections:ratio", "redis:connections:count"} {
			if n := len(p.query(name)); n != 1 {
				return fmt.Errorf("%s has %d samples", name, n)
			}
		}
		return nil
	})
	// What was absent before the first scrape may fire until the next evaluation.
	until(t, "nothing fires before the leak", func() error {
		if got := p.firing(); len(got) > 0 {
			return fmt.Errorf("%v fire", got)
		}
		return nil
	})

	lines := loggedLines(t, server)
	if got := p.query("redis:connections:count == 0"); len(got) != 1 {
		t.Errorf("before the leak the exporter alone is counted as %v", got)
	}
	stopService := service.misbehave(t, own)

	// The leak: 60 connections that say nothing. A subscriber and a blocked
	// client are no leak.
	var leak []net.Conn
	for range 60 {
		leak = append(leak, dial(t, server, "CLIENT SETNAME orders/list"))
	}
	dial(t, server, "CLIENT SETNAME events/stream", "SUBSCRIBE events")
	blocked := dial(t, server, "CLIENT SETNAME worker/pop")
	fmt.Fprint(blocked, "BLPOP jobs 0\r\n")
	// More than the server takes: it refuses some, and the exporter too.
	var crowd []net.Conn
	for range 10 {
		c, err := net.Dial("tcp", server)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		crowd = append(crowd, c)
	}
	until(t, "the exporter is refused", func() error {
		if got := p.firing(); !slices.Contains(got, "RedisDown") {
			return fmt.Errorf("only %v fire", got)
		}
		return nil
	})
	for _, c := range crowd {
		c.Close()
	}
	write(t, logs, lines)

	want := []string{"RedisConnectFailed", "RedisConnectionsHigh", "RedisConnectionsNearMax", "RedisConnectionsRejected",
		"RedisDisconnectFailed", "RedisOldIdleClients", "RedisScopesPileUp"}
	seen := map[string]bool{}
	until(t, "the alerts fire", func() error {
		for _, name := range p.firing() {
			seen[name] = true
		}
		for _, name := range want {
			if !seen[name] {
				return fmt.Errorf("%s does not fire, only %v do", name, seen)
			}
		}
		return nil
	})
	for name := range seen {
		if !slices.Contains(want, name) && name != "RedisDown" {
			t.Errorf("%s fires", name)
		}
	}
	if got := p.query(`redis:clients_idle5m:by_name`); len(got) != 1 || got[0].Metric["name"] != "orders/list" {
		t.Errorf("idle clients: %v", got)
	}
	if got := p.query(`redis:subscribers:by_name`); len(got) != 1 || got[0].Metric["name"] != "events/stream" {
		t.Errorf("subscribers: %v", got)
	}

	for name, want := range counted {
		if got := p.query(fmt.Sprintf(`%s{job="logs"} == %d`, name, want)); len(got) != 1 {
			t.Errorf("mtail does not count %d for %s in\n%s", want, name, lines)
		}
	}

	if got := p.query(`rediscope:connections_open:sum{job="service"} >= 25`); len(got) != 1 {
		t.Errorf("the service has 25 connections open: %v", p.query("rediscope_connections_open"))
	}
	if got := p.query(`ALERTS{alertname="RedisDisconnectFailed",job="service",alertstate="firing"}`); len(got) != 1 {
		t.Errorf("what the service cannot close: %v", got)
	}

	t.Run("rules evaluate", func(t *testing.T) {
		var data struct {
			Groups []struct {
				Rules []struct{ Name, Health, LastError string }
			}
		}
		p.get("/api/v1/rules", nil, &data)
		n := 0
		for _, g := range data.Groups {
			for _, r := range g.Rules {
				n++
				if r.Health != "ok" {
					t.Errorf("%s: %s %s", r.Name, r.Health, r.LastError)
				}
			}
		}
		if n < 33 {
			t.Errorf("Prometheus has loaded %d rules", n)
		}
	})

	t.Run("metrics exist", func(t *testing.T) {
		var names []string
		p.get("/api/v1/label/__name__/values", nil, &names)
		for name, place := range asked(t) {
			if !slices.Contains(names, name) && !slices.Contains(newer, name) {
				t.Errorf("%s asks for %s, which nothing exports", place, name)
			}
		}
		for _, name := range newer {
			if slices.Contains(names, name) {
				t.Errorf("%s is no longer unknown to this exporter", name)
			}
		}
	})

	t.Run("dashboard's queries", func(t *testing.T) {
		set := strings.NewReplacer("$job", ".*", "$instance", ".*", "$__rate_interval", "4s")
		queries, variables := dashboard(t)
		for _, q := range queries {
			// There is no day before.
			if got := p.query(set.Replace(q.expr)); len(got) == 0 && !strings.Contains(q.expr, "offset 1d") {
				t.Errorf("%s: %s has no answer", q.panel, q.expr)
			}
		}
		for _, v := range variables {
			part := regexp.MustCompile(`^label_values\((.+), (\w+)\)$`).FindStringSubmatch(v)
			if part == nil {
				t.Errorf("variable %q", v)
				continue
			}
			var values []string
			p.get("/api/v1/label/"+part[2]+"/values", url.Values{"match[]": {set.Replace(part[1])}}, &values)
			if len(values) == 0 {
				t.Errorf("%s has no value", v)
			}
		}
	})

	// The leak ends, and so do the alerts on it.
	for _, c := range leak {
		c.Close()
	}
	stopService()
	until(t, "the alerts end", func() error {
		if got := p.firing(); len(got) > 0 {
			return fmt.Errorf("%v fire", got)
		}
		return nil
	})
	exporterDies(t, p, killExporter, export)
}

// An exporter that dies is told, and so is that it is back.
func exporterDies(t *testing.T, p prometheus, kill func(), export func() func()) {
	t.Helper()
	kill()
	until(t, "the death of the exporter is told", func() error {
		if got := p.firing(); !slices.Equal(got, []string{"RedisExporterDown", "RedisUnwatched"}) {
			return fmt.Errorf("%v fire", got)
		}
		return nil
	})
	export()
	until(t, "the exporter is back", func() error {
		if got := p.firing(); len(got) > 0 {
			return fmt.Errorf("%v fire", got)
		}
		return nil
	})
}

var minutes = regexp.MustCompile(`(\[|offset |for: )(\d+)m\b`)

// faster makes seconds of minutes in a file of rules.
func faster(rules string) string { return minutes.ReplaceAllString(rules, "${1}${2}s") }

// A prometheus is a running one.
type prometheus struct {
	t   *testing.T
	url string
}

// get asks its API. An answer that is no success ends the test.
func (p prometheus) get(path string, form url.Values, data any) {
	p.t.Helper()
	answer := struct {
		Status, Error string
		Data          any
	}{Data: data}
	if err := p.try(path, form, &answer); err != nil {
		p.t.Fatal(err)
	}
	if answer.Status != "success" {
		p.t.Fatalf("%s %v: %s", path, form, answer.Error)
	}
}

// try waits for a Prometheus that has just been started.
func (p prometheus) try(path string, form url.Values, answer any) error {
	var err error
	for range 50 {
		var res *http.Response
		if res, err = http.Get(p.url + path + "?" + form.Encode()); err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		defer res.Body.Close()
		if res.StatusCode == http.StatusServiceUnavailable {
			err = fmt.Errorf("%s: %s", path, res.Status)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		return json.NewDecoder(res.Body).Decode(answer)
	}
	return err
}

type sample struct{ Metric map[string]string }

func (p prometheus) query(expr string) []sample {
	p.t.Helper()
	var data struct {
		ResultType string
		Result     json.RawMessage
	}
	p.get("/api/v1/query", url.Values{"query": {expr}}, &data)
	var list []sample
	if data.ResultType != "vector" {
		p.t.Fatalf("%s is a %s", expr, data.ResultType)
	}
	if err := json.Unmarshal(data.Result, &list); err != nil {
		p.t.Fatal(err)
	}
	return list
}

// firing lists the alerts that fire.
func (p prometheus) firing() []string {
	p.t.Helper()
	var names []string
	for _, s := range p.query(`ALERTS{alertstate="firing"}`) {
		names = append(names, s.Metric["alertname"])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// start runs a program until the end of the test, and shows what it has printed
// if the test fails.
func start(t *testing.T, name string, args ...string) (kill func()) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
	t.Cleanup(func() {
		kill()
		log.Close()
		if data, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("%s:\n%s", name, data[max(0, len(data)-4000):])
		}
	})
	return kill
}

// until waits until a condition holds. Two minutes are for machines with much
// else to do.
func until(t *testing.T, what string, condition func() error) {
	t.Helper()
	end := time.Now().Add(2 * time.Minute)
	for {
		err := condition()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: not after two minutes: %v", what, err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// dial opens a connection to a Redis server for the time of the test, sends
// commands and waits for an answer to each.
func dial(t *testing.T, addr string, commands ...string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	answers := bufio.NewReader(c)
	for _, command := range commands {
		fmt.Fprint(c, command+"\r\n")
		if line, err := answers.ReadString('\n'); err != nil && err != io.EOF || strings.HasPrefix(line, "-") {
			t.Fatalf("%s: %q, %v", command, line, err)
		}
	}
	return c
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
