module github.com/redislint/redislint/e2e

go 1.25.0

replace github.com/redislint/redislint => ../

replace github.com/redislint/redislint/rediscope => ../rediscope

require (
	github.com/redis/go-redis/v9 v9.22.0
	github.com/redislint/redislint v0.0.0-00010101000000-000000000000
	github.com/redislint/redislint/rediscope v0.0.0-00010101000000-000000000000
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	go.yaml.in/yaml/v3 v3.0.6
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/text v0.14.0 // indirect
	golang.org/x/tools v0.49.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
