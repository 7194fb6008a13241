package io.embedlake.remote.batch.api;

import io.embedlake.remote.format.common.Options;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;

/**
 * The files API of OpenAI and compatible providers: uploaded as a form, fetched by id. Immutable.
 *
 * @param path where they are, such as {@code /files}
 */
record JobFiles(BatchHttp http, String path) {
    static final MediaType LINES = MediaType.get("application/jsonl");

    /** Sends a file; it is read from the disk while it is sent. */
    String upload(Path file, String marker) {
        return required(
                http.send(
                                path,
                                new MultipartBody.Builder()
                                        .setType(MultipartBody.FORM)
                                        .addFormDataPart("purpose", "batch")
                                        .addFormDataPart(
                                                "file", marker + ".jsonl", RequestBody.create(file.toFile(), LINES))
                                        .build())
                        .path("id")
                        .asText(),
                "the id of a file");
    }

    /** Fetches files. */
    List<Path> download(List<String> ids, Path folder) {
        List<Path> files = new ArrayList<>();
        ids.forEach(id -> files.add(http.download(path + "/" + segment(id) + "/content", folder)));
        return files;
    }

    /** A name that the provider gave and that goes into a path. */
    static String segment(String id) {
        return Options.pathSegment(id);
    }

    /** What an answer must have. */
    static String required(String value, String what) {
        if (value.isEmpty()) {
            throw new EmbedlakeException(
                    ErrorKind.PROTOCOL,
                    "Cannot read an answer of a batch API: it lacks " + what
                            + " (an answer of another API). Check the endpoint.");
        }
        return value;
    }
}
