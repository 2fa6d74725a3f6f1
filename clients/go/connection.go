package samplemind

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

const (
	secure          = "https://"
	maxMessageBytes = 4 << 20
)

// connect makes the channel to "host:port", or to "https://host:port" by TLS,
// where PEM certificates replace the system's. It is opened at the first call.
func connect(server string, certificates []byte, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	target, isSecure := strings.CutPrefix(server, secure)
	if isSecure {
		trusted, err := pool(certificates)
		if err != nil {
			return nil, err
		}
		transport = credentials.NewTLS(&tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12})
	}
	options = append(options,
		grpc.WithTransportCredentials(transport),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
		grpc.WithConnectParams(reconnecting()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes)),
		grpc.WithDisableServiceConfig(),
	)
	return grpc.NewClient("dns:///"+target, options...)
}

// pool holds the certificates to trust; nil, which means the system's, where none are given.
func pool(certificates []byte) (*x509.CertPool, error) {
	if certificates == nil {
		return nil, nil
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(certificates) {
		return nil, errors.New("samplemind: the root certificates hold no certificate in PEM")
	}
	return trusted, nil
}

// reconnecting makes each try of ours a real one: with gRPC's own longer waits some would be answered from memory.
func reconnecting() grpc.ConnectParams {
	return grpc.ConnectParams{
		Backoff: backoff.Config{
			BaseDelay:  200 * time.Millisecond,
			Multiplier: 1.6,
			Jitter:     0.2,
			MaxDelay:   400 * time.Millisecond,
		},
		MinConnectTimeout: 10 * time.Second,
	}
}
