module github.com/redislint/redislint/rediscope/lambdascope

go 1.24.0

require (
	github.com/aws/aws-lambda-go v1.54.0
	github.com/redis/go-redis/v9 v9.22.0
	github.com/redislint/redislint/rediscope v0.1.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	golang.org/x/sys v0.30.0 // indirect
)
