module github.com/redislint/redislint/e2e

go 1.25.0

replace github.com/redislint/redislint => ../

require (
	github.com/redislint/redislint v0.0.0-00010101000000-000000000000
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
)

require golang.org/x/text v0.14.0 // indirect
