module github.com/redislint/redislint/e2e

go 1.25.0

replace github.com/redislint/redislint => ../

require github.com/redislint/redislint v0.0.0-00010101000000-000000000000
