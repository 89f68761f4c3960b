// Command cmd measures the rule unclosed on generated programs.
package main
func main() {}
