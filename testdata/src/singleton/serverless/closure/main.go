// Command closure gives AWS a handler that captured a client.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
)

func main() {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // want `rdb is kept across invocations by the handler of lambda.Start`
	lambda.Start(func(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
		body, err := rdb.Get(ctx, req.Path).Result()
		if err != nil {
			return events.APIGatewayProxyResponse{StatusCode: 502}, err
		}
		return events.APIGatewayProxyResponse{StatusCode: 200, Body: body}, nil
	})
}
