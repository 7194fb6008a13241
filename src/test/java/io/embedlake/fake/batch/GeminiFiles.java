package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Errors;
import io.embedlake.fake.service.Service;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Gemini API's files: announced, sent in parts, fetched. Thread-safe. */
final class GeminiFiles {
    private static final String UPLOAD = "/upload/v1beta/files";
    private static final Pattern FILE = Pattern.compile("/v1beta/(files/[^/:]+)(:download)?");

    private final Service service;
    private final Errors errors;
    private final FileStore files;
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    /** A file while it arrives; guarded by itself. */
    private static final class Upload {
        final String displayName;
        final ByteArrayOutputStream content = new ByteArrayOutputStream();

        Upload(String displayName) {
            this.displayName = displayName;
        }
    }

    GeminiFiles(Service service, Errors errors) {
        this.service = service;
        this.errors = errors;
        files = new FileStore(service);
    }

    /** What a job reads. */
    Optional<FileStore.Stored> find(String name) {
        return files.find(name);
    }

    /** What a job writes; returns the file's name. */
    String add(byte[] content) {
        return files.add(service.fresh("files/batch-"), "answers", "GENERATED", content)
                .id();
    }

    /** Answers a request for a file; nothing where it is for something else. */
    Optional<Response> answer(Request request) {
        Matcher file = FILE.matcher(request.path());
        if (request.path().equals(UPLOAD)) {
            String upload = request.query().get("upload_id");
            return Optional.of(upload == null ? begin(request) : receive(request, upload));
        }
        if (!file.matches()) {
            return Optional.empty();
        }
        return Optional.of(files.find(file.group(1))
                .map(stored -> file.group(2) == null
                        ? Response.json(200, shown(stored))
                        : new Response(200, Map.of("Content-Type", "application/octet-stream"), stored.content()))
                .orElseGet(() -> errors.notFound(request)));
    }

    private Response begin(Request request) {
        if (!request.header("x-goog-upload-command").orElse("").equals("start")) {
            return errors.unreadable();
        }
        String id = service.fresh("");
        String name = Json.read(request.body())
                .map(body -> body.path("file").path("displayName").asText())
                .orElse("");
        uploads.put(id, new Upload(name));
        String address = "http://" + request.header("host").orElse("") + UPLOAD + "?upload_id=" + id;
        return Response.json(200, Json.object())
                .with("X-Goog-Upload-URL", address)
                .with("X-Goog-Upload-Status", "active");
    }

    private Response receive(Request request, String id) {
        Upload upload = uploads.get(id);
        if (upload == null) {
            return errors.notFound(request);
        }
        synchronized (upload) {
            upload.content.writeBytes(request.body());
            if (!request.header("x-goog-upload-command").orElse("").contains("finalize")) {
                return Response.empty(200).with("X-Goog-Upload-Status", "active");
            }
            uploads.remove(id);
            FileStore.Stored stored =
                    files.add(service.fresh("files/"), upload.displayName, "UPLOADED", upload.content.toByteArray());
            ObjectNode answer = Json.object();
            answer.set("file", shown(stored));
            return Response.json(200, answer).with("X-Goog-Upload-Status", "final");
        }
    }

    private static ObjectNode shown(FileStore.Stored file) {
        return Json.object()
                .put("name", file.id())
                .put("displayName", file.name())
                .put("mimeType", "application/jsonl")
                .put("sizeBytes", String.valueOf(file.content().length))
                .put("state", "ACTIVE")
                .put("source", file.purpose());
    }
}
