package settings

import (
	"fmt"
	"slices"
	"strings"
)

// traits are what a version line of go-redis does, as its source says.
type traits struct {
	name, path, require string
	noReads             bool     // reads and writes have no timeout unless they are given one
	minusOne            bool     // -1 means none
	clusterMinusOne     bool     // of a cluster, too
	universal           bool     // there is a universal client
	idle                bool     // MinIdleConns
	retries             bool     // three by default
	trap                bool     // -1 retries: nothing is sent
	clusterRetries      bool     // a cluster's options have MaxRetries
	redials             []string // the options with DialerRetries
	maint               []string // the options with MaintNotificationsConfig
}

func goRedis() []line {
	const v9 = "github.com/redis/go-redis/v9"
	all := []string{"Client", "Cluster", "Ring", "Failover", "Universal"}
	maint := []string{"Client", "Cluster", "Universal"}
	at9 := func(version string, redials, maint []string) traits {
		return traits{
			name: "go-redis-" + version, path: v9, require: v9 + " " + version, minusOne: true, universal: true,
			idle: true, retries: true, clusterRetries: true, redials: redials, maint: maint,
		}
	}
	newest := at9("v9.23.0", all, maint)
	newest.clusterMinusOne = true
	old := func(name, path, require string) traits {
		return traits{
			name: name, path: path, require: require, minusOne: true, universal: true, idle: true, retries: true, clusterRetries: true,
		}
	}
	v8 := old("go-redis-v8", "github.com/go-redis/redis/v8", "github.com/go-redis/redis/v8 v8.11.5")
	beta := old("go-redis-v9beta", "github.com/go-redis/redis/v9", "github.com/go-redis/redis/v9 v9.0.0-beta.1")
	v7 := old("go-redis-v7", "github.com/go-redis/redis/v7", "github.com/go-redis/redis/v7 v7.4.1")
	v7.retries = false
	v6 := old("go-redis-v6", "github.com/go-redis/redis", "github.com/go-redis/redis v6.15.9+incompatible")
	v6.retries, v6.trap = false, true
	v5 := traits{name: "go-redis-v5", path: "gopkg.in/redis.v5", require: "gopkg.in/redis.v5 v5.2.9", minusOne: true, clusterMinusOne: true, trap: true}
	v4 := traits{name: "go-redis-v4", path: "gopkg.in/redis.v4", require: "stub redis.v4 gopkg.in/redis.v4", trap: true}
	v3 := traits{name: "go-redis-v3", path: "gopkg.in/redis.v3", require: "stub redis.v3 gopkg.in/redis.v3", trap: true, noReads: true}
	var list []line
	for _, t := range []traits{
		newest,
		at9("v9.22.0", all, maint),
		at9("v9.18.0", all, maint),
		at9("v9.17.3", []string{"Client", "Cluster", "Ring", "Failover"}, maint),
		at9("v9.16.0", []string{"Client"}, maint),
		at9("v9.14.1", nil, nil),
		at9("v9.0.5", nil, nil),
		beta, v8, v7, v6, v5, v4, v3,
	} {
		list = append(list, t.line())
	}
	return list
}

func (t traits) line() line {
	l := line{name: t.name, require: t.require, imports: fmt.Sprintf("redis %q\n", t.path)}
	for _, kind := range []string{"Client", "Cluster", "Ring", "Failover", "Universal"} {
		if kind == "Universal" && !t.universal {
			continue
		}
		l.units = append(l.units, t.unit(kind))
	}
	if len(t.maint) > 0 {
		l.imports += fmt.Sprintf("%q\n", t.path+"/maintnotifications")
	}
	for i, u := range l.units {
		if len(t.maint) > 0 { // the other states import what a repair would add
			l.units[i].usual = "_ = maintnotifications.ModeAuto\n" + u.usual
			l.units[i].worst = "_ = maintnotifications.ModeAuto\n" + u.worst
			l.units[i].compliant = "_ = maintnotifications.ModeAuto\n" + u.compliant
		}
	}
	return l
}

func (t traits) unit(kind string) unit {
	u := unit{name: kind}
	typ, open, fixed := kind+"Options", "redis.New"+kind+"Client", "Addrs: []string{addr}"
	switch kind {
	case "Client":
		typ, open, fixed = "Options", "redis.NewClient", "Addr: addr"
	case "Ring":
		open, fixed = "redis.NewRing", `Addrs: map[string]string{"a": addr}`
	case "Failover":
		fixed = `MasterName: "m", SentinelAddrs: []string{addr}`
	}
	write := func(fields ...string) string {
		return fmt.Sprintf("rdb := %s(&redis.%s{\n%s,\n})\ndefer rdb.Close()", open, typ, strings.Join(append([]string{fixed}, fields...), ",\n"))
	}
	hasRetries := kind != "Cluster" || t.clusterRetries
	redials, maint := slices.Contains(t.redials, kind), slices.Contains(t.maint, kind)

	worst := []string{"DialTimeout: time.Minute", "PoolTimeout: time.Minute"}
	good := []string{"DialTimeout: 5 * time.Second", "ReadTimeout: 5 * time.Second", "WriteTimeout: 5 * time.Second", "PoolTimeout: 5 * time.Second"}
	u.timeoutWorst = "DialTimeout PoolTimeout"
	none := t.minusOne && (kind != "Cluster" || t.clusterMinusOne)
	if none {
		worst = append(worst, "ReadTimeout: -1", "WriteTimeout: -1")
		u.timeoutWorst += " ReadTimeout WriteTimeout"
	} else {
		worst = append(worst, "ReadTimeout: time.Hour", "WriteTimeout: time.Hour")
		u.timeoutWorst += " ReadTimeout WriteTimeout"
	}
	if t.noReads {
		u.timeoutUsual = "ReadTimeout WriteTimeout"
	}
	if redials {
		worst, good = append(worst, "DialerRetries: 10"), append(good, "DialerRetries: 1")
		u.timeoutUsual, u.timeoutWorst = "dials", u.timeoutWorst+" dials"
	}
	if hasRetries {
		switch {
		case t.trap:
			worst, good = append(worst, "MaxRetries: -1"), append(good, "MaxRetries: 0")
		default:
			worst, good = append(worst, "MaxRetries: 10"), append(good, "MaxRetries: -1")
		}
		u.reconnectWorst = "MaxRetries"
		if t.retries && kind != "Cluster" {
			u.reconnectUsual = "MaxRetries"
		}
	}
	if t.idle {
		worst = append(worst, "MinIdleConns: 10")
		if !t.trap || !hasRetries { // that one is reported alone
			u.reconnectWorst += " MinIdleConns"
		}
	}
	if maint {
		good = append(good, "MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}")
		worst = append(worst, "MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeEnabled}")
		u.reconnectUsual += " MaintNotificationsConfig.Mode"
		u.reconnectWorst += " MaintNotificationsConfig.Mode"
	}
	u.usual, u.worst, u.compliant = write(), write(worst...), write(good...)
	return u
}
