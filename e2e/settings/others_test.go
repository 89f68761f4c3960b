package settings

// must drops what a constructor returns: only its options matter here.
func must(call string) string { return "_, _ = " + call }

func others() []line {
	var list []line
	for _, v := range []struct{ name, require, path, connect string }{
		{"redigo", "github.com/gomodule/redigo v1.9.3", "github.com/gomodule/redigo/redis", "DialConnectTimeout"},
		{"redigo-v1.8.2", "github.com/gomodule/redigo v1.8.2", "github.com/gomodule/redigo/redis", "DialConnectTimeout"},
		{"redigo-v2", "github.com/gomodule/redigo v2.0.0+incompatible", "github.com/gomodule/redigo/redis", "DialConnectTimeout"},
		{"redigo-garyburd", "stub garyburd github.com/garyburd/redigo", "github.com/garyburd/redigo/redis", "DialConnectTimeout"},
	} {
		missing := v.connect + " DialReadTimeout DialWriteTimeout"
		l := line{name: v.name, require: v.require, imports: `redigo "` + v.path + "\"\n"}
		l.units = []unit{
			{
				name:  "Dial",
				usual: must(`redigo.Dial("tcp", addr)`),
				worst: must(`redigo.Dial("tcp", addr, redigo.DialConnectTimeout(0), redigo.DialReadTimeout(time.Minute), redigo.DialWriteTimeout(0))`),
				compliant: must(`redigo.Dial("tcp", addr, redigo.DialConnectTimeout(5*time.Second), redigo.DialReadTimeout(5*time.Second),
					redigo.DialWriteTimeout(5*time.Second))`),
				timeoutUsual: missing, timeoutWorst: missing,
			},
			{
				name:      "URL",
				usual:     must(`redigo.DialURL("redis://" + addr, redigo.DialDatabase(1))`),
				worst:     must(`redigo.DialURL("redis://" + addr, redigo.DialReadTimeout(0))`),
				compliant: must(`redigo.DialURL("redis://" + addr, redigo.DialConnectTimeout(time.Second), redigo.DialReadTimeout(time.Second), redigo.DialWriteTimeout(time.Second))`),

				timeoutUsual: missing, timeoutWorst: missing,
			},
			{
				name:         "Parameters",
				usual:        must(`redigo.DialTimeout("tcp", addr, 0, 0, 0)`),
				worst:        must(`redigo.DialTimeout("tcp", addr, time.Minute, time.Minute, time.Minute)`),
				compliant:    must(`redigo.DialTimeout("tcp", addr, time.Second, time.Second, time.Second)`),
				timeoutUsual: "dial_timeout read_timeout write_timeout", timeoutWorst: "dial_timeout read_timeout write_timeout",
			},
			{
				name: "Pool",
				usual: `pool := &redigo.Pool{Dial: func() (redigo.Conn, error) {
						return redigo.Dial("tcp", addr)
					}}
					defer pool.Close()`,
				worst: `pool := &redigo.Pool{Dial: func() (redigo.Conn, error) {
						return redigo.Dial("tcp", addr, redigo.DialReadTimeout(0))
					}}
					defer pool.Close()`,
				compliant: `pool := &redigo.Pool{Dial: func() (redigo.Conn, error) {
						return redigo.Dial("tcp", addr, redigo.DialConnectTimeout(time.Second), redigo.DialReadTimeout(time.Second), redigo.DialWriteTimeout(time.Second))
					}}
					defer pool.Close()`,
				timeoutUsual: missing, timeoutWorst: missing,
			},
		}
		list = append(list, l)
	}
	list = append(list, line{
		name: "redisc", require: "github.com/gomodule/redigo v1.9.3\nstub redisc github.com/mna/redisc",
		imports: "\"github.com/gomodule/redigo/redis\"\n\"github.com/mna/redisc\"\n",
		units: []unit{{
			name:  "Cluster",
			usual: "cluster := &redisc.Cluster{StartupNodes: []string{addr}}\ndefer cluster.Close()\n_ = redis.ErrNil",
			worst: "cluster := &redisc.Cluster{StartupNodes: []string{addr}, DialOptions: []redis.DialOption{redis.DialReadTimeout(0)}}\ndefer cluster.Close()",
			compliant: `cluster := &redisc.Cluster{StartupNodes: []string{addr}, DialOptions: []redis.DialOption{redis.DialConnectTimeout(time.Second),
				redis.DialReadTimeout(time.Second), redis.DialWriteTimeout(time.Second)}}
				defer cluster.Close()`,
			timeoutUsual: "DialOptions.DialConnectTimeout DialOptions.DialReadTimeout DialOptions.DialWriteTimeout",
			timeoutWorst: "DialOptions.DialConnectTimeout DialOptions.DialReadTimeout DialOptions.DialWriteTimeout",
		}},
	})
	for _, v := range []struct{ name, require, path, pkg string }{
		{"rueidis", "github.com/redis/rueidis v1.0.79", "github.com/redis/rueidis", "rueidis"},
		{"rueidis-v1.0.27", "github.com/redis/rueidis v1.0.27", "github.com/redis/rueidis", "rueidis"},
		{"valkey-go", "github.com/valkey-io/valkey-go v1.0.79", "github.com/valkey-io/valkey-go", "valkey"},
	} {
		open := func(fields string) string {
			return must(v.pkg + ".NewClient(" + v.pkg + ".ClientOption{InitAddress: []string{addr}" + fields + "})")
		}
		list = append(list, line{
			name: v.name, require: v.require, imports: `"` + v.path + "\"\n",
			units: []unit{
				{
					name: "Client", usual: open(""),
					worst:     open(", Dialer: net.Dialer{Timeout: time.Minute}, ConnWriteTimeout: time.Minute, ClusterOption: " + v.pkg + ".ClusterOption{ShardsRefreshInterval: time.Second}"),
					compliant: open(", Dialer: net.Dialer{Timeout: 5*time.Second}, ConnWriteTimeout: 5*time.Second, DisableRetry: true"),

					timeoutUsual: "ConnWriteTimeout", timeoutWorst: "ConnWriteTimeout Dialer.Timeout",
					reconnectUsual: "DisableRetry", reconnectWorst: "DisableRetry ClusterOption.ShardsRefreshInterval",
				},
			},
		})
	}
	// The first versions lack what is refreshed.
	for i := range list {
		if list[i].name == "rueidis-v1.0.27" {
			u := &list[i].units[0]
			u.worst = must("rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, Dialer: net.Dialer{Timeout: time.Minute}, ConnWriteTimeout: time.Minute})")
			u.reconnectWorst = "DisableRetry"
		}
	}
	radix3 := func(call string) string { return must("radix." + call) }
	list = append(list, line{
		name: "radix-v3", require: "github.com/mediocregopher/radix/v3 v3.8.0", imports: "\"github.com/mediocregopher/radix/v3\"\n",
		units: []unit{
			{
				name: "Dial", usual: radix3(`Dial("tcp", addr)`), worst: radix3(`Dial("tcp", addr, radix.DialTimeout(0))`),
				compliant:    radix3(`Dial("tcp", addr, radix.DialTimeout(5*time.Second))`),
				timeoutUsual: "DialTimeout", timeoutWorst: "DialTimeout",
			},
			{
				name: "Parts", usual: radix3(`Dial("tcp", addr)`), worst: radix3(`Dial("tcp", addr, radix.DialConnectTimeout(time.Minute), radix.DialReadTimeout(0), radix.DialWriteTimeout(0))`),
				compliant:    radix3(`Dial("tcp", addr, radix.DialConnectTimeout(time.Second), radix.DialReadTimeout(time.Second), radix.DialWriteTimeout(time.Second))`),
				timeoutUsual: "DialTimeout", timeoutWorst: "DialConnectTimeout DialReadTimeout DialWriteTimeout",
			},
			{
				name: "Pool", usual: radix3(`NewPool("tcp", addr, 2)`), worst: radix3(`NewPool("tcp", addr, 2, radix.PoolRefillInterval(time.Second), radix.PoolPingInterval(time.Second))`),
				compliant: radix3(`NewPool("tcp", addr, 2, radix.PoolRefillInterval(0), radix.PoolPingInterval(0), radix.PoolConnFunc(func(network, addr string) (radix.Conn, error) {
					return radix.Dial(network, addr, radix.DialTimeout(5*time.Second))
				}))`),
				timeoutUsual: "its_timeouts", timeoutWorst: "its_timeouts",
				reconnectUsual: "PoolRefillInterval PoolPingInterval", reconnectWorst: "PoolRefillInterval PoolPingInterval",
			},
			{
				name: "Cluster", usual: radix3(`NewCluster([]string{addr})`), worst: radix3(`NewCluster([]string{addr}, radix.ClusterSyncEvery(time.Second))`),
				compliant:      radix3(`NewCluster([]string{addr}, radix.ClusterSyncEvery(0))`),
				reconnectUsual: "ClusterSyncEvery", reconnectWorst: "ClusterSyncEvery",
			},
			{
				name: "Subscription", usual: radix3(`PersistentPubSubWithOpts("tcp", addr)`), worst: radix3(`PersistentPubSubWithOpts("tcp", addr, radix.PersistentPubSubAbortAfter(0))`),
				compliant:      radix3(`PersistentPubSubWithOpts("tcp", addr, radix.PersistentPubSubAbortAfter(1))`),
				reconnectUsual: "PersistentPubSubAbortAfter", reconnectWorst: "PersistentPubSubAbortAfter",
			},
		},
	}, line{
		name: "radix-v4", require: "github.com/mediocregopher/radix/v4 v4.1.4", imports: "\"github.com/mediocregopher/radix/v4\"\n",
		units: []unit{
			{
				name: "Pool", usual: must(`(radix.PoolConfig{}).New(ctx, "tcp", addr)`),
				worst:        must(`(radix.PoolConfig{Dialer: radix.Dialer{NetDialer: &net.Dialer{Timeout: time.Minute}}, PingInterval: time.Second}).New(ctx, "tcp", addr)`),
				compliant:    must(`(radix.PoolConfig{Dialer: radix.Dialer{NetDialer: &net.Dialer{Timeout: time.Second}}, PingInterval: -1}).New(ctx, "tcp", addr)`),
				timeoutUsual: "Dialer.NetDialer.Timeout", timeoutWorst: "Dialer.NetDialer.Timeout",
				reconnectUsual: "PingInterval", reconnectWorst: "PingInterval",
			},
			{
				name: "Cluster", usual: "cfg := radix.ClusterConfig{}\n" + must(`cfg.New(ctx, []string{addr})`),
				worst:        "cfg := radix.ClusterConfig{SyncEvery: time.Second}\n" + must(`cfg.New(ctx, []string{addr})`),
				compliant:    must(`(radix.ClusterConfig{SyncEvery: -1, PoolConfig: radix.PoolConfig{Dialer: radix.Dialer{NetDialer: &net.Dialer{Timeout: time.Second}}, PingInterval: -1}}).New(ctx, []string{addr})`),
				timeoutUsual: "PoolConfig.Dialer.NetDialer.Timeout", timeoutWorst: "PoolConfig.Dialer.NetDialer.Timeout",
				reconnectUsual: "PoolConfig.PingInterval SyncEvery", reconnectWorst: "PoolConfig.PingInterval SyncEvery",
			},
		},
	}, line{
		name: "radix-v2", require: "stub radix.v2 github.com/mediocregopher/radix.v2",
		imports: "\"github.com/mediocregopher/radix.v2/cluster\"\n\"github.com/mediocregopher/radix.v2/pool\"\n\"github.com/mediocregopher/radix.v2/redis\"\n",
		units: []unit{
			{
				name: "Dial", usual: must(`redis.Dial("tcp", addr)`), worst: must(`redis.DialTimeout("tcp", addr, 0)`),
				compliant:    must(`redis.DialTimeout("tcp", addr, 5*time.Second)`),
				timeoutUsual: "timeout", timeoutWorst: "io_timeout",
			},
			{
				name: "Pool", usual: must(`pool.New("tcp", addr, 2)`), worst: must(`pool.New("tcp", addr, 99)`),
				compliant: must(`pool.NewCustom("tcp", addr, 2, func(network, addr string) (*redis.Client, error) {
					return redis.DialTimeout(network, addr, 5*time.Second)
				})`),
				timeoutUsual: "timeout", timeoutWorst: "timeout",
			},
			{
				name: "Cluster", usual: must(`cluster.New(addr)`), worst: must(`cluster.NewWithOpts(cluster.Opts{Addr: addr, Timeout: time.Minute})`),
				compliant:    must(`cluster.NewWithOpts(cluster.Opts{Addr: addr, Timeout: time.Second})`),
				timeoutUsual: "timeout", timeoutWorst: "Timeout",
			},
		},
	}, line{
		name: "redispipe", require: "stub redispipe github.com/joomcode/redispipe",
		imports: "\"github.com/joomcode/redispipe/redisconn\"\n\"github.com/joomcode/redispipe/rediscluster\"\n",
		units: []unit{
			{
				name: "Connect", usual: must(`redisconn.Connect(ctx, addr, redisconn.Opts{})`),
				worst:     must(`redisconn.Connect(ctx, addr, redisconn.Opts{IOTimeout: time.Minute, DialTimeout: time.Minute, ReconnectPause: time.Second})`),
				compliant: must(`redisconn.Connect(ctx, addr, redisconn.Opts{IOTimeout: time.Second, DialTimeout: time.Second, ReconnectPause: -1})`),

				timeoutWorst: "IOTimeout DialTimeout", reconnectUsual: "ReconnectPause", reconnectWorst: "ReconnectPause",
			},
			{
				name: "Cluster", usual: must(`rediscluster.NewCluster(ctx, []string{addr}, rediscluster.Opts{})`),
				worst:     must(`rediscluster.NewCluster(ctx, []string{addr}, rediscluster.Opts{HostOpts: redisconn.Opts{IOTimeout: time.Minute, DialTimeout: time.Minute}})`),
				compliant: must(`rediscluster.NewCluster(ctx, []string{addr}, rediscluster.Opts{HostOpts: redisconn.Opts{ReconnectPause: -1}})`),

				timeoutWorst: "HostOpts.IOTimeout HostOpts.DialTimeout", reconnectUsual: "HostOpts.ReconnectPause", reconnectWorst: "HostOpts.ReconnectPause",
			},
		},
	}, line{
		name: "valkey-glide", require: "github.com/valkey-io/valkey-glide/go/v2 v2.5.3",
		imports: "\"github.com/valkey-io/valkey-glide/go/v2/config\"\n",
		units: []unit{{
			name: "Config", usual: "_ = config.NewClientConfiguration()",
			worst:        "_ = config.NewClientConfiguration().WithRequestTimeout(time.Minute)",
			compliant:    "_ = config.NewClientConfiguration().WithRequestTimeout(time.Second).WithAdvancedConfiguration(config.NewAdvancedClientConfiguration().WithConnectionTimeout(time.Second))",
			timeoutWorst: "io_timeout",
		}},
	}, line{
		name: "asynq", require: "github.com/hibiken/asynq v0.26.0", imports: "\"github.com/hibiken/asynq\"\n",
		units: []unit{
			{
				name:         "Client",
				usual:        "c := asynq.NewClient(asynq.RedisClientOpt{Addr: addr})\ndefer c.Close()",
				worst:        "c := asynq.NewClient(asynq.RedisClientOpt{Addr: addr, DialTimeout: time.Minute, ReadTimeout: -1, WriteTimeout: time.Hour})\ndefer c.Close()",
				compliant:    "c := asynq.NewClient(asynq.RedisClientOpt{Addr: addr, ReadTimeout: time.Second})\ndefer c.Close()",
				timeoutWorst: "DialTimeout ReadTimeout WriteTimeout",
			},
			{
				name:         "Cluster",
				usual:        "c := asynq.NewClient(asynq.RedisClusterClientOpt{Addrs: []string{addr}})\ndefer c.Close()",
				worst:        "c := asynq.NewClient(asynq.RedisClusterClientOpt{Addrs: []string{addr}, DialTimeout: time.Minute})\ndefer c.Close()",
				compliant:    "c := asynq.NewClient(asynq.RedisClusterClientOpt{Addrs: []string{addr}, ReadTimeout: time.Second})\ndefer c.Close()",
				timeoutWorst: "DialTimeout",
			},
		},
	}, line{
		name: "gogf", require: "stub gf github.com/gogf/gf/v2", imports: "\"github.com/gogf/gf/v2/database/gredis\"\n",
		units: []unit{{
			name: "New", usual: must(`gredis.New(&gredis.Config{Address: addr})`),
			worst:        must(`gredis.New(&gredis.Config{Address: addr, DialTimeout: time.Minute, WaitTimeout: time.Minute})`),
			compliant:    must(`gredis.New(&gredis.Config{Address: addr, ReadTimeout: time.Second, WriteTimeout: time.Second})`),
			timeoutUsual: "ReadTimeout WriteTimeout", timeoutWorst: "DialTimeout WaitTimeout ReadTimeout WriteTimeout",
		}},
	})
	return list
}
