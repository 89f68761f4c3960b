// Package events is a stub: two of the events.
package events

// APIGatewayProxyRequest is a request.
type APIGatewayProxyRequest struct {
	Path           string
	Body           string
	PathParameters map[string]string
}

// APIGatewayProxyResponse is a response.
type APIGatewayProxyResponse struct {
	StatusCode int
	Body       string
}
