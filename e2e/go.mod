module github.com/redislint/redislint/e2e

go 1.25.0

replace github.com/redislint/redislint => ../
