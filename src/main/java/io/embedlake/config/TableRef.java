package io.embedlake.config;

import io.embedlake.annotation.Stable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Names a table or a folder of files. Immutable; equal when the location is the same; prints as it was
 * written.
 */
public sealed interface TableRef {

    /** The format of a folder's files. Immutable; prints as in the job file. */
    @Stable
    enum Format {
        /** A Delta table. */
        DELTA,
        /** Parquet files. */
        PARQUET,
        /** Files with a JSON object a line. */
        JSON,
        /** Comma-separated files with a header. */
        CSV,
        /** Files of images, by their names' endings, in the folder and all below it: {@code path, modificationTime, length, content}. */
        IMAGES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a table identifier: <code>delta.`path`</code>, or up to three parts joined by dots, each plain or in back quotes.
     *
     * @throws IllegalArgumentException when the text is neither; the message gives the reason, to follow the text
     */
    static TableRef parse(String text) {
        return TableSyntax.parse(text);
    }

    /** The table in SQL, quoted where it must be. */
    String sql();

    /** The format, when the name includes it; for a catalog's tables only the catalog has it. */
    Optional<Format> fileFormat();

    /** The table beside this one whose name has this suffix. */
    TableRef sibling(String suffix);

    /**
     * This table, its path made absolute when it is relative and names no file system.
     *
     * @throws IllegalArgumentException when the path leads to the root of the file system; the message is to be read after it
     */
    TableRef resolve(Path base);

    /** Whether these are plain files, which can be read but not changed in place. */
    default boolean isFiles() {
        return fileFormat().filter(format -> format != Format.DELTA).isPresent();
    }

    /**
     * A table in a catalog.
     *
     * @param parts one to three names, the table's own last, without quotes
     * @param written the identifier as it was written
     */
    record CatalogTable(List<String> parts, String written) implements TableRef {
        public CatalogTable {
            parts = List.copyOf(parts);
            if (parts.isEmpty() || parts.size() > TableSyntax.MAX_PARTS) {
                throw new IllegalArgumentException("a table's name has one to three parts: " + parts);
            }
        }

        @Override
        public String sql() {
            return TableSyntax.join(parts);
        }

        @Override
        public Optional<Format> fileFormat() {
            return Optional.empty();
        }

        @Override
        public CatalogTable sibling(String suffix) {
            int last = parts.size() - 1;
            List<String> beside = new ArrayList<>(parts);
            beside.set(last, parts.get(last) + suffix);
            return new CatalogTable(beside, TableSyntax.join(beside));
        }

        @Override
        public CatalogTable resolve(Path base) {
            return this;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof CatalogTable that && identity().equals(that.identity());
        }

        @Override
        public int hashCode() {
            return identity().hashCode();
        }

        @Override
        public String toString() {
            return written;
        }

        private List<String> identity() {
            return parts.stream().map(part -> part.toLowerCase(Locale.ROOT)).collect(Collectors.toList());
        }
    }

    /**
     * A folder. Equal to the same folder of any format.
     *
     * @param format the format of its files
     * @param location its path or URI, without a slash at the end
     * @param written the path or URI as it was written
     */
    record FilePath(Format format, String location, String written) implements TableRef {
        public FilePath {
            location = TableSyntax.location(location);
        }

        /** A folder, taken literally. */
        public FilePath(Format format, String location) {
            this(format, location, location);
        }

        @Override
        public String sql() {
            return format + "." + TableSyntax.quote(location);
        }

        @Override
        public Optional<Format> fileFormat() {
            return Optional.of(format);
        }

        @Override
        public FilePath sibling(String suffix) {
            String beside = TableSyntax.location(written);
            return new FilePath(format, location + suffix, beside.endsWith(".") ? location + suffix : beside + suffix);
        }

        @Override
        public FilePath resolve(Path base) {
            return TableSyntax.hasScheme(location)
                    ? this
                    : new FilePath(
                            format,
                            base.toAbsolutePath().resolve(location).normalize().toString(),
                            written);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FilePath that && location.equals(that.location);
        }

        @Override
        public int hashCode() {
            return location.hashCode();
        }

        @Override
        public String toString() {
            return format + "." + TableSyntax.quote(written);
        }
    }
}
