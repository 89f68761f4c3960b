/*
Package directive reports lint:ignore directives that have no effect.

# Analyzer directive

directive: report lint:ignore directives that are unused, give no reason, or name an unknown rule

A directive silences a rule where the rule is right in general and wrong here. It
applies to its own line, or to the statement that begins on the line below:

	//lint:ignore unclosed the process ends on this path
	rdb := redis.NewClient(opts)

Several rules are separated by commas, without spaces, and a reason is required. A
second form applies to the whole file:

	//lint:file-ignore unscoped these are the helpers that scopes are made of

The rule reports a directive without a reason, which has no effect, one that names
an unknown rule, and one whose rule reports nothing there.

# Why

Code changes, and directives stay. One that silences nothing today silences the
next mistake on that line without a word: 1 line that was right for a week hides a
leak for years. A misspelled name looks as if somebody had thought about it. The
reason is for the next reader, who has to decide whether it still holds.

# Bad

	//lint:ignore unclosed
	a := redis.NewClient(opts)

	//lint:ignore unclsed the process ends here
	b := redis.NewClient(opts)

	//lint:ignore unclosed the process ends here
	c := redis.NewClient(opts)
	defer c.Close()

# Good

	//lint:ignore unclosed the process ends here
	rdb := redis.NewClient(opts)

redislint -fix deletes the directive or the name.

# Not reported

Directives of other tools: a name is unknown only if it is nearly the name of a
rule, or stands in a list with one. The rule is silent about rules that are
switched off or do not run in the package's profile.

A finding may depend on build tags. Then name this rule as well:

	//lint:ignore unclosed,directive lives as long as the process on linux

# Profile

The rule runs in every profile.
*/
package directive
