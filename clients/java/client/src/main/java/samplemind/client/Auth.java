package samplemind.client;

import java.util.Optional;
import samplemind.v1.AuthServiceGrpc;
import samplemind.v1.GetMeRequest;
import samplemind.v1.GetMeResponse;
import samplemind.v1.LoginRequest;
import samplemind.v1.LogoutRequest;
import samplemind.v1.PasswordCredential;
import samplemind.v1.RefreshRequest;
import samplemind.v1.User;

/** Who calls. Sessions are renewed by themselves until logout(). */
public final class Auth {
    private final Line line;

    Auth(Line line) {
        this.line = line;
    }

    /** Signs this client in by password. */
    public User login(String email, String password) {
        var credential = PasswordCredential.newBuilder().setEmail(email).setPassword(password);
        return login(LoginRequest.newBuilder().setPassword(credential).build());
    }

    /** Signs this client in by a one-time code, such as the one that the daemon's first start prints. */
    public User loginWithCode(String code) {
        return login(LoginRequest.newBuilder().setOneTimeCode(code).build());
    }

    /** Shows this API key from now on, if it is good. */
    public User loginWithKey(String secret) {
        Credential before = line.credential();
        line.show(Credential.fixed(Proof.ofKey(secret)));
        try {
            return me().getUser();
        } catch (RuntimeException error) {
            line.show(before);
            throw error;
        }
    }

    /** Shows this access token from now on. It is not asked whether it is good, and not renewed. */
    public void useToken(String accessToken) {
        line.show(Credential.fixed(Proof.ofToken(accessToken)));
    }

    /** Who is calling, and with what scope. */
    public GetMeResponse me() {
        return line.call(AuthServiceGrpc.getGetMeMethod(), GetMeRequest.getDefaultInstance());
    }

    /** Ends this session; it is forgotten here even where the daemon cannot be told. */
    public void logout() {
        try {
            line.call(AuthServiceGrpc.getLogoutMethod(), LogoutRequest.getDefaultInstance());
        } finally {
            if (line.credential() instanceof Session) {
                line.show(Credential.NOBODY);
            }
        }
    }

    /** The tokens of this session as they are now; empty where there is none. */
    public Optional<Tokens> tokens() {
        return session().map(Session::tokens);
    }

    /** How often the tokens of this session were renewed. */
    public int renewals() {
        return session().map(Session::renewals).orElse(0);
    }

    private User login(LoginRequest request) {
        var answer = line.callUnsigned(AuthServiceGrpc.getLoginMethod(), request);
        line.show(new Session(Tokens.read(answer.getTokens()), this::refresh));
        return answer.getUser();
    }

    private Tokens refresh(Tokens spent) {
        var request = RefreshRequest.newBuilder().setRefreshToken(spent.refresh()).build();
        return Tokens.read(line.callUnsigned(AuthServiceGrpc.getRefreshMethod(), request).getTokens());
    }

    private Optional<Session> session() {
        return line.credential() instanceof Session session ? Optional.of(session) : Optional.empty();
    }
}
