package io.embedlake.spark.source;

import io.embedlake.spark.image.FileImage;
import io.embedlake.spark.image.ImageFiles;
import io.embedlake.spi.Input;
import java.io.Serializable;
import org.apache.spark.sql.Row;

/** What the columns of {@link SourceText#texts()} hold. Immutable; travels to executors. */
public sealed interface InputForm extends Serializable {
    /** The input of a row of {@code content_hash, text, row_id, size}. */
    Input input(Row row);

    /** Texts. */
    record Texts() implements InputForm {
        @Override
        public Input input(Row row) {
            return Input.of(row.getString(SourceText.TEXT_AT));
        }
    }

    /** The files of images. */
    record Images() implements InputForm {
        @Override
        public Input input(Row row) {
            return Input.of(row.<byte[]>getAs(SourceText.TEXT_AT));
        }
    }

    /**
     * The paths of images.
     *
     * @param files reads them
     */
    record Paths(ImageFiles files) implements InputForm {
        @Override
        public Input input(Row row) {
            return FileImage.of(
                    files,
                    row.getString(SourceText.TEXT_AT),
                    row.getString(SourceText.HASH_AT),
                    row.getLong(SourceText.SIZE_AT));
        }
    }
}
