package samplemind

import "context"

// header is metadata that shows who calls; nothing is sent for the zero value.
type header struct{ key, value string }

// A credential is something to show with each call.
type credential interface {
	// header says what to send along.
	header(ctx context.Context) (header, error)
	// renew replaces what the daemon refused; false where there is nothing to replace it with.
	renew(ctx context.Context, spent header) (bool, error)
}

// fixed is a credential that stays as it is: an API key, somebody's access token, or nothing.
type fixed header

func apiKey(secret string) fixed { return fixed{"x-api-key", secret} }

func bearer(token string) fixed { return fixed{"authorization", "Bearer " + token} }

func (f fixed) header(context.Context) (header, error) { return header(f), nil }

func (f fixed) renew(context.Context, header) (bool, error) { return false, nil }
