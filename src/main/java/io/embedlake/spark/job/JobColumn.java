package io.embedlake.spark.job;

import io.embedlake.config.EmbeddingSpec;
import io.embedlake.config.JobSpec;
import io.embedlake.spark.source.SourceRows;
import io.embedlake.spark.source.SourceText;
import io.embedlake.spi.EmbedderSpec;
import io.embedlake.spi.EmbedlakeException;
import io.embedlake.spi.ErrorKind;
import io.embedlake.spi.InputKind;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One vector column of a job. Immutable.
 *
 * @param embedding its settings in the job
 * @param text the text to embed, in the rows of the source
 * @param spec what makes its vectors
 */
public record JobColumn(EmbeddingSpec embedding, SourceText text, EmbedderSpec spec) {
    /**
     * The embedding of the vector column that a command is about.
     *
     * @param column its name; the job's only one when not given
     * @param verb what is to be done with it
     * @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when there is none of this name, or several and no name
     */
    public static EmbeddingSpec requested(JobSpec job, Optional<String> column, String verb) {
        String names = job.embeddings().stream().map(EmbeddingSpec::column).collect(Collectors.joining(", "));
        if (column.isEmpty() && job.embeddings().size() > 1) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot " + verb + ": the job has several vector columns (" + names + "). Name one.");
        }
        return job.embeddings().stream()
                .filter(embedding -> embedding.column().equalsIgnoreCase(column.orElse(embedding.column())))
                .findFirst()
                .orElseThrow(() -> new EmbedlakeException(
                        ErrorKind.CONFIGURATION,
                        "Cannot " + verb + " the column " + column.orElse("")
                                + ": the job has no such embedding (it has " + names + "). Name another."));
    }

    /** An embedding of what its attribute holds, which the job need not say. */
    public static EmbeddingSpec embedding(EmbeddingSpec asked, SourceText text) {
        return text.kind() == InputKind.IMAGE ? asked.ofImages() : asked;
    }

    /** @throws EmbedlakeException {@link ErrorKind#CONFIGURATION} when strings were read as texts, and the model takes images alone */
    static void requireRead(EmbeddingSpec embedding, SourceText text, EmbedderSpec spec) {
        if (spec.inputs() != text.kind()) {
            throw new EmbedlakeException(
                    ErrorKind.CONFIGURATION,
                    "Cannot embed the column " + embedding.column() + ": " + spec.label() + " takes "
                            + spec.inputs() + "s, and the attribute " + embedding.attribute() + " holds "
                            + text.kind()
                            + "s (strings are texts unless the job says otherwise). Set input to image where they are paths of"
                            + " images, or change model.");
        }
    }

    /** Its name. */
    public String name() {
        return embedding.column();
    }

    /** The same, reading its text from other rows of the job's source. */
    JobColumn of(SourceRows rows) {
        return new JobColumn(embedding, rows.texts().get(text.number()), spec);
    }

    /** The same with a more complete spec. */
    JobColumn with(EmbedderSpec more) {
        return new JobColumn(embedding, text, more);
    }
}
