package io.embedlake.spark;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.embed.EmbedlakeException;
import io.embedlake.embed.ErrorKind;
import java.util.Optional;
import java.util.stream.Collectors;

/** Picks the vector column that a command is about. Stateless. */
final class JobColumns {
    private JobColumns() {}

    /**
     * The embedding of a column.
     *
     * @param column its name; the job's only one when not given
     * @param verb what is to be done with it
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is none of this name, or several and no name
     */
    static EmbeddingSpec one(JobSpec job, Optional<String> column, String verb) {
        String names = job.embeddings().stream().map(EmbeddingSpec::column).collect(Collectors.joining(", "));
        if (column.isEmpty() && job.embeddings().size() > 1) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot " + verb + ": the job has several vector columns (" + names + "). Name one with --column.");
        }
        return job.embeddings().stream()
                .filter(embedding -> embedding.column().equalsIgnoreCase(column.orElse(embedding.column())))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot " + verb + " the column " + column.orElse("")
                                + ": the job has no such embedding (it has " + names + "). Change --column."));
    }
}
