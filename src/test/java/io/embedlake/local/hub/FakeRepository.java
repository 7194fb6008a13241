package io.embedlake.local.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** A model on the fake hub: its commits, and who may see it. Thread-safe. */
final class FakeRepository {
    private static final Pattern LARGE = Pattern.compile(".*\\.(safetensors|bin|onnx|onnx_data|model)");
    private static final String READ_BY_ANYBODY = "";

    private final String id;
    private final Map<String, Map<String, byte[]>> commits = new ConcurrentHashMap<>();
    private final Map<String, String> refs = new ConcurrentHashMap<>();
    private volatile String token = READ_BY_ANYBODY;
    private volatile boolean isGated;

    FakeRepository(String id) {
        this.id = id;
    }

    /** How the hub says no. */
    record Refusal(int status, Map<String, String> headers) {}

    String id() {
        return id;
    }

    /** Makes these files the content of {@code main}. */
    String commit(Map<String, byte[]> files) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        new TreeMap<>(files).forEach((name, content) -> {
            all.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            all.writeBytes(content);
        });
        String hash = hash("SHA-1", all.toByteArray());
        commits.put(hash, new TreeMap<>(files));
        refs.put("main", hash);
        return hash;
    }

    void name(String ref, String commit) {
        refs.put(ref, commit);
    }

    /** Only this token may see the model. */
    void makePrivate(String reader) {
        token = reader;
    }

    /** The list of files is public, the files are for nobody. */
    void gate() {
        isGated = true;
    }

    Optional<String> find(String revision) {
        return commits.containsKey(revision) ? Optional.of(revision) : Optional.ofNullable(refs.get(revision));
    }

    Optional<byte[]> content(String commit, String name) {
        return Optional.ofNullable(commits.get(commit).get(name));
    }

    byte[] listing(String commit) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("id", id).put("sha", commit);
        ArrayNode siblings = json.putArray("siblings");
        commits.get(commit).keySet().forEach(name -> siblings.addObject().put("rfilename", name));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] tree(String commit) {
        ArrayNode entries = new ObjectMapper().createArrayNode();
        commits.get(commit).forEach((name, content) -> {
            ObjectNode entry = entries.addObject()
                    .put("type", "file")
                    .put("path", name)
                    .put("size", content.length)
                    .put("oid", etag(isLarge(name) ? "" : name, content));
            if (isLarge(name)) {
                entry.putObject("lfs")
                        .put("oid", etag(name, content))
                        .put("size", content.length)
                        .put("pointerSize", 1);
            }
        });
        return entries.toString().getBytes(StandardCharsets.UTF_8);
    }

    Optional<Refusal> refusal(FakeHub.Call call, boolean isListing, boolean hasCommit, boolean hasFile) {
        String authorization = call.header("Authorization");
        if (!token.equals(READ_BY_ANYBODY) && !authorization.equals("Bearer " + token)) {
            return Optional.of(
                    authorization.isEmpty()
                            ? unknown(call)
                            : new Refusal(
                                    401, Map.of("X-Error-Message", "Invalid credentials in Authorization header")));
        }
        if (!hasCommit) {
            return Optional.of(new Refusal(404, Map.of("X-Error-Code", "RevisionNotFound")));
        }
        if (!hasFile) {
            return Optional.of(new Refusal(404, Map.of("X-Error-Code", "EntryNotFound")));
        }
        return isGated && !isListing
                ? Optional.of(new Refusal(403, Map.of("X-Error-Code", "GatedRepo")))
                : Optional.empty();
    }

    /** The hub does not tell strangers whether a model is private or not there. */
    static Refusal unknown(FakeHub.Call call) {
        return new Refusal(call.header("Authorization").isEmpty() ? 401 : 404, Map.of("X-Error-Code", "RepoNotFound"));
    }

    static boolean isLarge(String name) {
        return LARGE.matcher(name).matches();
    }

    static String etag(String name, byte[] content) {
        if (isLarge(name)) {
            return hash("SHA-256", content);
        }
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        blob.writeBytes(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        blob.writeBytes(content);
        return hash("SHA-1", blob.toByteArray());
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
