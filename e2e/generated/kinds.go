package generated

// kind is a way to get a resource of some type.
type kind struct {
	typ    string
	open   string // the expression that acquires it; its second result is an error if fails is set
	fails  bool
	check  string // a simple statement that assigns err, %s being the variable
	method string // the method that releases it
	errs   bool   // the method returns an error
	needs  string // the parameter that open uses: "rdb", "pool", "rc" or ""
	zero   string // the condition under which there is nothing to release: "%s == nil" or ""
}

const (
	clientType = "*redis.Client"
	connType   = "redigo.Conn"
)

// kinds are the ways the libraries offer, the usual ones first.
func kinds() []kind {
	client := kind{typ: clientType, open: `redis.NewClient(&redis.Options{Addr: "redis:6379"})`,
		check: "err := %s.Ping(ctx).Err()", method: "Close", errs: true}
	dial := kind{typ: connType, open: `redigo.Dial("tcp", "redis:6379")`, fails: true,
		check: `_, err := %s.Do("PING")`, method: "Close", errs: true}
	return []kind{
		client,
		dial,
		{typ: "redis.UniversalClient", open: `redis.NewUniversalClient(&redis.UniversalOptions{})`,
			check: client.check, method: "Close", errs: true},
		{typ: "*redis.PubSub", open: `rdb.Subscribe(ctx, "news")`,
			check: "err := %s.Ping(ctx)", method: "Close", errs: true, needs: "rdb"},
		{typ: connType, open: "pool.Get()",
			check: dial.check, method: "Close", errs: true, needs: "pool"},
		{typ: connType, open: "pool.GetContext(ctx)", fails: true,
			check: dial.check, method: "Close", errs: true, needs: "pool"},
		{typ: "rueidis.Client", open: "rueidis.NewClient(rueidis.ClientOption{})", fails: true,
			check: "err := %s.Do(ctx, rueidis.Completed{}).Error()", method: "Close"},
		{typ: "*redis.Conn", open: "rdb.Conn()",
			check: client.check, method: "Close", errs: true, needs: "rdb"},
		{typ: "*redis.ClusterClient", open: "redis.NewClusterClient(&redis.ClusterOptions{})",
			check: client.check, method: "Close", errs: true},
		{typ: "*redigo.Pool", open: "&redigo.Pool{MaxIdle: 2}",
			check: "err := d.Err()", method: "Close", errs: true},
	}
}

// params are the parameters of F beside ctx and d, by name.
var params = map[string]string{
	"rdb":  clientType,
	"pool": "*redigo.Pool",
	"rc":   "rueidis.Client",
	"s":    "*ext.Sink",
}
