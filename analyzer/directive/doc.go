/*
Package directive reports directives that do not do what they seem to do.

# Analyzer directive

directive: report directives that give no reason, name no rule, or silence nothing

A directive silences a rule where the rule is right in general and wrong here:

	//lint:ignore unclosed the process ends on this path
	rdb := redis.NewClient(opts)

It is about the line that it stands on, or about the statement that begins on
the line below it. Several rules are separated by commas, without spaces. A
reason is needed. A second form is about the whole file, wherever it stands in
it:

	//lint:file-ignore unscoped these are the helpers that scopes are made of

Directives act in the command, under go vet and in golangci-lint alike. The
rule reports a directive that gives no reason, which silences nothing, one that
names a rule which does not exist, and one whose rule has nothing to say there.

# Why

A directive is a statement about code, and code moves on. One that silences
nothing today silences the next mistake that somebody makes on that line, and
nobody is told: one line that was right for a week hides a leak for years. A
misspelt name is the same the other way round: it looks as if somebody had
thought about it.

The reason is for the person who reads the code next. Without it nobody can
tell whether it still holds.

# Bad

No reason, no such rule, and nothing to silence:

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

# Profile

The rule runs in every profile.

# When to ignore

The directives of other tools are none of its business: a name is unknown only
if it is nearly the name of a rule, or stands in one list with a rule. It says
nothing about a rule that is switched off, or that the profile does not ask.

A finding may be there in one build and not in another, with other build tags.
Then name this rule as well:

	//lint:ignore unclosed,directive the client lives as long as the process on linux

All findings of this rule have a fix, which deletes the directive or the name:
redislint -fix applies it.
*/
package directive
