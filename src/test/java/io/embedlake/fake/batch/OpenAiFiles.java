package io.embedlake.fake.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.embedlake.fake.http.Json;
import io.embedlake.fake.http.Request;
import io.embedlake.fake.http.Response;
import io.embedlake.fake.service.Service;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of OpenAI and of Voyage, who follows it. Thread-safe. */
final class OpenAiFiles {
    private static final Pattern FILE = Pattern.compile("/v1/files/([^/]+)(/content)?");

    private final OpenAiBatches.Kind kind;
    private final Service service;
    private final FileStore files;

    OpenAiFiles(OpenAiBatches.Kind kind, Service service) {
        this.kind = kind;
        this.service = service;
        files = new FileStore(service);
    }

    /** Answers a request for a file; nothing where it is for something else. */
    Optional<Response> answer(Request request) {
        Matcher file = FILE.matcher(request.path());
        if (request.path().equals("/v1/files") && request.method().equals("POST")) {
            return Optional.of(upload(request));
        }
        return file.matches() ? Optional.of(file(request, file)) : Optional.empty();
    }

    /** What a batch reads. */
    Optional<FileStore.Stored> find(String id) {
        return files.find(id);
    }

    /** What a batch writes; returns the file's id. */
    String add(String name, byte[] content) {
        return files.add(service.fresh("file-"), name, "batch_output", content).id();
    }

    private Response upload(Request request) {
        Map<String, Multipart.Part> parts = Multipart.parts(request);
        if (!parts.containsKey("file") || !parts.containsKey("purpose")) {
            return invalid(400, "'file' and 'purpose' are required properties", "");
        }
        String name = parts.get("file").file().orElse("upload");
        if (!name.endsWith(".jsonl")) {
            return invalid(400, "Invalid extension for batch. Supported formats: \"jsonl\"", "");
        }
        return Response.json(
                200,
                shown(files.add(
                        service.fresh("file-"),
                        name,
                        parts.get("purpose").text(),
                        parts.get("file").content())));
    }

    private static ObjectNode shown(FileStore.Stored file) {
        return Json.object()
                .put("object", "file")
                .put("id", file.id())
                .put("purpose", file.purpose())
                .put("filename", file.name())
                .put("bytes", file.content().length)
                .put("created_at", file.createdSeconds())
                .put("status", "processed");
    }

    private Response file(Request request, Matcher path) {
        if (request.method().equals("DELETE")) {
            boolean there = files.remove(path.group(1)).isPresent();
            return Response.json(
                    200,
                    Json.object().put("id", path.group(1)).put("object", "file").put("deleted", there));
        }
        Optional<FileStore.Stored> stored = files.find(path.group(1));
        if (stored.isEmpty()) {
            return invalid(404, "No such File object: " + path.group(1), "id");
        }
        return path.group(2) == null
                ? Response.json(200, shown(stored.get()))
                : new Response(
                        200,
                        Map.of("Content-Type", "application/octet-stream"),
                        stored.get().content());
    }

    private Response invalid(int status, String message, String param) {
        return invalid(kind, status, message, param);
    }

    static Response invalid(OpenAiBatches.Kind kind, int status, String message, String param) {
        if (kind == OpenAiBatches.Kind.VOYAGE) {
            return Response.json(status, Json.object().put("detail", message));
        }
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .put("param", param.isEmpty() ? null : param)
                .put("code", (String) null);
        return Response.json(status, body);
    }
}
