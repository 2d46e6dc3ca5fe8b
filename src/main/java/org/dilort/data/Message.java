package org.dilort.data;

/** One turn of a conversation; roles are whatever the chat template knows. */
public record Message(String role, String content) {}
