package redisapi

import "strings"

// WaitsForever reports whether a command, as the protocol names it, waits
// until there is something to return, however long that takes. An argument
// that is not known is "?", and more arguments than are given may follow if
// open. In doubt it does not.
func WaitsForever(name string, args []string, open bool) bool {
	switch strings.ToUpper(name) {
	case "BLPOP", "BRPOP", "BRPOPLPUSH", "BLMOVE", "BZPOPMIN", "BZPOPMAX", "WAIT", "WAITAOF":
		return !open && len(args) > 1 && isZero(args[len(args)-1])
	case "BLMPOP", "BZMPOP":
		return len(args) > 0 && isZero(args[0])
	case "XREAD", "XREADGROUP":
		for i, a := range args {
			if strings.EqualFold(a, "STREAMS") {
				return false
			}
			if strings.EqualFold(a, "BLOCK") && i+1 < len(args) {
				return isZero(args[i+1])
			}
		}
	}
	return false
}

// Checks reports whether a command, as the protocol names it or a method is
// named after it, asks a connection whether it works and a server what it is:
// it reads and writes no data. "CLIENT" stands for all its subcommands.
func Checks(name string) bool {
	name = strings.ToUpper(name)
	switch name {
	case "PING", "ECHO", "HELLO", "AUTH", "SELECT", "INFO", "TIME", "ROLE", "READONLY", "CLUSTERINFO":
		return true
	}
	return strings.HasPrefix(name, "CLIENT")
}

// isZero reports whether an argument is a timeout of zero.
func isZero(arg string) bool {
	return arg != "" && strings.Trim(arg, "0.") == "" && strings.Trim(arg, ".") != ""
}
