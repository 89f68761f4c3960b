// Package tests has its cases in its tests.
package tests
