package io.embedlake.spark.store;

import java.io.Serializable;

/**
 * A file of a version of a Delta table. Immutable; travels to executors.
 *
 * @param uri where it is
 * @param statistics of its values, in JSON, as the protocol of Delta defines them; empty where there are none
 * @param deleted which of its rows are not the table's
 */
public record LiveFile(String uri, String statistics, DeletedRows deleted) implements Serializable {}
