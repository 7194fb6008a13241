/** Images of files: decoded to RGB as Pillow does, and prepared as a model's image processor does. Knows neither Spark nor a network. */
package io.embedlake.image;
