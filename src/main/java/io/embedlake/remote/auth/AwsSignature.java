package io.embedlake.remote.auth;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/** Signs requests with version 4 of Amazon's signatures, by Amazon's SDK. Thread-safe. */
public final class AwsSignature implements Credentials {
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();
    private static final Pattern KEY_ID = Pattern.compile("Credential=([^/]+)/");

    private final String region;
    private final String service;
    private final AwsKeys keys;
    private final Clock clock;

    /**
     * The signatures of a caller.
     *
     * @param service its name for signing: {@code bedrock}, though the host is called bedrock-runtime
     * @param clock what the signature is dated with; Amazon refuses one that is minutes off
     */
    public AwsSignature(String region, String service, AwsKeys keys, Clock clock) {
        this.region = Objects.requireNonNull(region);
        this.service = Objects.requireNonNull(service);
        this.keys = Objects.requireNonNull(keys);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Map<String, String> headers(Outgoing request) {
        SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .uri(request.url());
        request.headers().forEach(unsigned::putHeader);
        SignedRequest signed = SIGNER.sign(signing -> signing.identity(keys.key())
                .request(unsigned.build())
                .payload(ContentStreamProvider.fromByteArray(request.body()))
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                .putProperty(HttpSigner.SIGNING_CLOCK, clock));
        Map<String, String> added = new HashMap<>();
        signed.request().headers().forEach((name, values) -> added.put(name, values.get(0)));
        added.keySet().removeAll(request.headers().keySet());
        // Set by the HTTP client.
        added.remove("Host");
        return Map.copyOf(added);
    }

    /** The id of the key stands in the signature. */
    @Override
    public boolean renew(Map<String, String> refused) {
        Matcher id = KEY_ID.matcher(refused.getOrDefault("Authorization", ""));
        return id.find() && keys.renew(id.group(1));
    }

    @Override
    public String advice(String reason) {
        return RefusedKey.advice(
                reason,
                "Change AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile or the role that is used instead, or what it may do in "
                        + region + ".",
                "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, which are read when a process starts; or use"
                        + " a role, whose keys are renewed.");
    }

    @Override
    public String toString() {
        return "signature of AWS for " + service + " in " + region;
    }
}
