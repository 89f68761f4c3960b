package config

import (
	"bytes"
	"encoding/json"
)

// SchemaURL is where editors find the schema.
const SchemaURL = "https://raw.githubusercontent.com/redislint/redislint/main/docs/redislint.schema.json"

// schema is the part of a JSON schema that describes our files.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	ID          string             `json:"$id,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Type        any                `json:"type,omitempty"` // a name
	Default     any                `json:"default,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	MinItems    int                `json:"minItems,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	OneOf       []*schema          `json:"oneOf,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"` // written sorted
	Additional  *bool              `json:"additionalProperties,omitempty"`
}

// Schema is the JSON schema of a configuration file, for editors.
func Schema(spec Spec) ([]byte, error) {
	switches, names := map[string]*schema{}, []string(nil)
	for _, r := range spec.Rules {
		switches[r.Name] = &schema{Type: "boolean", Default: true, Description: r.Summary}
		names = append(names, r.Name)
	}
	properties := map[string]*schema{
		rulesKey: {
			Description: "which rules run: a mapping switches some on or off, a list names the only ones that run",
			OneOf: []*schema{
				object(switches),
				{Type: "array", MinItems: 1, Items: &schema{Type: "string", Enum: names}},
			},
		},
	}
	for _, o := range spec.Options {
		switch {
		case o.Name == excludeFlag:
			properties[o.Name] = patternSchema("packages and Go files that are not reported, relative to this file; ... matches any text")
		case o.Bool:
			properties[o.Name] = &schema{Type: "boolean", Description: o.Usage}
		case len(o.Choices) > 0:
			properties[o.Name] = &schema{Type: "string", Enum: o.Choices, Description: o.Usage, Default: o.Default}
		default:
			properties[o.Name] = &schema{Description: o.Usage, OneOf: oneOrMore(schema{Type: "string", Pattern: `\S`})}
		}
		if o.Name == profileFlag {
			byProfile := map[string]*schema{}
			for _, name := range o.Choices {
				byProfile[name] = patternSchema("packages of profile " + name + ", relative to this file; ... matches any text")
			}
			properties[pathsKey] = object(byProfile)
			properties[pathsKey].Description = "packages that are checked in another profile than the others"
		}
	}
	top := object(properties)
	top.Schema = "http://json-schema.org/draft-07/schema#"
	top.ID = SchemaURL
	top.Title = "redislint configuration"
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(top)
	return out.Bytes(), err
}

// object is a mapping with these keys and no others.
func object(properties map[string]*schema) *schema {
	return &schema{Type: "object", Properties: properties, Additional: new(bool)}
}

func patternSchema(description string) *schema {
	// Other wildcards and absolute paths are refused here already.
	return &schema{Description: description, OneOf: oneOrMore(schema{Type: "string", Pattern: `^[^/*?\[\],=][^*?\[\],=]*$`})}
}

// oneOrMore is a value or a list of such.
func oneOrMore(one schema) []*schema {
	return []*schema{&one, {Type: "array", Items: &one}}
}
