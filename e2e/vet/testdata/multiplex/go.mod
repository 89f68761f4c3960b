module example.com/multiplex

go 1.25.0

require (
	github.com/redis/rueidis v1.0.70
	github.com/valkey-io/valkey-go v1.0.70
)

require golang.org/x/sys v0.39.0 // indirect
