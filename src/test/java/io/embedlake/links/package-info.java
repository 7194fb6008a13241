/** Whether the project's classes find what they refer to in versions of Spark and Delta Lake that it was not compiled with. */
package io.embedlake.links;
