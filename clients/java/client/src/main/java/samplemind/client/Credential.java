package samplemind.client;

/** How a caller shows who it is. */
interface Credential {
    /** No credential: enough for a few calls only. */
    Credential NOBODY = fixed(Proof.NONE);

    /** What a call shall show, good now as far as is known here. */
    Proof proof();

    /** Replaces what the daemon refused; false where there is nothing to replace it with. */
    boolean renew(Proof spent);

    /** One that stays as it is: an API key, or a token from elsewhere. */
    static Credential fixed(Proof proof) {
        return new Credential() {
            @Override
            public Proof proof() {
                return proof;
            }

            @Override
            public boolean renew(Proof spent) {
                return false;
            }
        };
    }
}
