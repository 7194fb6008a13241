package io.embedlake.provider.platform.aws;

import io.embedlake.provider.auth.AwsKey;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** The role of a machine of EC2, as its metadata service says to whoever has a session there. Immutable. */
final class MachineRole {
    private static final String DISABLED = "AWS_EC2_METADATA_DISABLED";
    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";
    private static final Map<String, String> SESSION = Map.of("X-aws-ec2-metadata-token-ttl-seconds", "21600");

    private final String base;
    private final boolean isDisabled;
    private final MetadataHttp http;

    MachineRole(Map<String, String> environment, MetadataHttp http) {
        this.base = environment
                .getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254")
                .replaceAll("/+$", "");
        this.isDisabled = environment.getOrDefault(DISABLED, "").equalsIgnoreCase("true");
        this.http = http;
    }

    /**
     * Makes sure that there is one.
     *
     * @throws IOException when there is none; its message says why
     */
    void requireThere() throws IOException {
        if (isDisabled) {
            throw new IOException(DISABLED + " is true");
        }
        role(session());
    }

    AwsKey key() {
        return RoleAnswer.key("the machine", () -> {
            Map<String, String> session = session();
            return http.read(URI.create(base + ROLES + role(session)), session);
        });
    }

    private Map<String, String> session() throws IOException {
        return Map.of(
                "X-aws-ec2-metadata-token",
                http.put(URI.create(base + "/latest/api/token"), SESSION).strip());
    }

    private String role(Map<String, String> session) throws IOException {
        return http.read(URI.create(base + ROLES), session)
                .lines()
                .map(String::strip)
                .filter(name -> name.matches("[\\w+=,.@-]{1,128}"))
                .findFirst()
                .orElseThrow(() -> new IOException("the machine has no role"));
    }

    @Override
    public String toString() {
        return "role of the machine";
    }
}
