/**
 * Chat templates: the part of Jinja2 that the templates of language models use, with the settings and the helpers that
 * transformers gives them. A template comes with a downloaded model and is not trusted: it computes with JSON's values
 * and a few more, reaches nothing outside them, and its work, its output and its nesting are bounded. Every mistake is
 * a {@link org.dilort.template.TemplateException} that names the template, the line and the construct.
 */
@NullMarked
package org.dilort.template;

import org.jspecify.annotations.NullMarked;
