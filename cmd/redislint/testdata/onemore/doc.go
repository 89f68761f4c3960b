/*
Package onemore is a rule that is not shipped.

# Analyzer onemore

onemore: report everything that is opened, and every file

The stories in testdata/script are told to a command that has this rule as
well. One that does not say which rules it is about fails, today and not on the
day when there is a new rule.
*/
package onemore
