package samplemind

import (
	"context"

	"google.golang.org/grpc"

	pb "samplemind/samplemindv1"
)

// Client is a daemon that can be asked. It may be used by many goroutines at once.
type Client struct {
	Analysis pb.AnalysisServiceClient
	Audio    pb.AudioServiceClient
	Auth     pb.AuthServiceClient
	Events   pb.EventServiceClient
	Flags    pb.FlagServiceClient
	Library  pb.LibraryServiceClient
	Plugins  pb.PluginServiceClient
	Status   pb.StatusServiceClient
	Watch    pb.WatchServiceClient

	line  *line
	conn  *grpc.ClientConn
	alive context.Context // ends with Close
	end   context.CancelFunc
}

// settings are what Options choose.
type settings struct {
	credential   credential
	certificates []byte
}

// Option chooses something about a Client.
type Option func(*settings)

// WithAPIKey shows an API key with each call.
func WithAPIKey(key string) Option {
	return func(s *settings) { s.credential = apiKey(key) }
}

// WithAccessToken shows an access token with each call, and does not renew it.
func WithAccessToken(token string) Option {
	return func(s *settings) { s.credential = bearer(token) }
}

// WithRootCertificates trusts these certificates (PEM) instead of the system's.
func WithRootCertificates(pem []byte) Option {
	return func(s *settings) { s.certificates = pem }
}

// New makes a client of the daemon at "host:port", or at "https://host:port",
// which speaks TLS. It connects at the first call.
//
// The error says what is wrong with the server's name or the certificates.
func New(server string, options ...Option) (*Client, error) {
	chosen := settings{credential: fixed{}}
	for _, choose := range options {
		choose(&chosen)
	}
	way := &line{server: server, delays: standardDelays[:], credential: chosen.credential}
	conn, err := connect(server, chosen.certificates,
		grpc.WithUnaryInterceptor(way.call), grpc.WithStreamInterceptor(way.open))
	if err != nil {
		return nil, err
	}
	alive, end := context.WithCancel(context.Background())
	return &Client{
		Analysis: pb.NewAnalysisServiceClient(conn),
		Audio:    pb.NewAudioServiceClient(conn),
		Auth:     pb.NewAuthServiceClient(conn),
		Events:   pb.NewEventServiceClient(conn),
		Flags:    pb.NewFlagServiceClient(conn),
		Library:  pb.NewLibraryServiceClient(conn),
		Plugins:  pb.NewPluginServiceClient(conn),
		Status:   pb.NewStatusServiceClient(conn),
		Watch:    pb.NewWatchServiceClient(conn),
		line:     way, conn: conn, alive: alive, end: end,
	}, nil
}

// Close hangs up; calls under way fail. The session stays: see [Client.Logout].
func (c *Client) Close() error {
	c.end()
	return c.conn.Close()
}
