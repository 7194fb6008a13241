package io.embedlake.spark.store;

/**
 * A data file of a Delta table, as one commit of the log adds or removes it. Immutable.
 *
 * @param path its name in the log
 * @param add the action that adds it, in JSON, as the protocol of Delta defines it; of a removed file, the one that would bring it back
 * @param isDataChange whether the commit changes the table's rows; false where rows are only moved, as OPTIMIZE does
 * @param deleted how many of its rows the deletion vector marks as deleted
 */
public record DataFile(String path, String add, boolean isDataChange, long deleted) {}
