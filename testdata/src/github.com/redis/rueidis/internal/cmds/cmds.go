// Package cmds is a stub: the builder of commands.
package cmds

// Completed is a built command.
type Completed struct{ cs []string }

// Cacheable is a built command whose reply may be cached.
type Cacheable struct{ cs []string }

// Builder builds commands.
type Builder struct{}

func (b Builder) Get() Get             { return Get{} }
func (b Builder) Set() Set             { return Set{} }
func (b Builder) Del() Del             { return Del{} }
func (b Builder) Ping() Ping           { return Ping{} }
func (b Builder) Subscribe() Subscribe { return Subscribe{} }
func (b Builder) Blpop() Blpop         { return Blpop{} }
func (b Builder) Xread() Xread         { return Xread{} }

// The steps of the builder.
type (
	Get           struct{}
	GetKey        struct{}
	Set           struct{}
	SetKey        struct{}
	SetValue      struct{}
	Del           struct{}
	DelKey        struct{}
	Ping          struct{}
	Subscribe     struct{}
	SubscribeChan struct{}
	Blpop         struct{}
	BlpopKey      struct{}
	BlpopTimeout  struct{}
	Xread         struct{}
	XreadBlock    struct{}
	XreadStreams  struct{}
)

func (c Blpop) Key(key ...string) BlpopKey              { return BlpopKey{} }
func (c BlpopKey) Timeout(timeout float64) BlpopTimeout { return BlpopTimeout{} }
func (c BlpopTimeout) Build() Completed                 { return Completed{} }
func (c Xread) Block(milliseconds int64) XreadBlock     { return XreadBlock{} }
func (c Xread) Streams() XreadStreams                   { return XreadStreams{} }
func (c XreadBlock) Streams() XreadStreams              { return XreadStreams{} }
func (c XreadStreams) Build() Completed                 { return Completed{} }

func (c Get) Key(key string) GetKey                         { return GetKey{} }
func (c GetKey) Build() Completed                           { return Completed{} }
func (c GetKey) Cache() Cacheable                           { return Cacheable{} }
func (c Set) Key(key string) SetKey                         { return SetKey{} }
func (c SetKey) Value(value string) SetValue                { return SetValue{} }
func (c SetValue) Build() Completed                         { return Completed{} }
func (c Del) Key(key ...string) DelKey                      { return DelKey{} }
func (c DelKey) Build() Completed                           { return Completed{} }
func (c Ping) Build() Completed                             { return Completed{} }
func (c Subscribe) Channel(channel ...string) SubscribeChan { return SubscribeChan{} }
func (c SubscribeChan) Build() Completed                    { return Completed{} }
