namespace Impetus.Engine.Embedding;

/// <summary>What a text is for, where a model tells questions from passages.</summary>
public enum InputType
{
    /// <summary>A question, or whatever is searched with.</summary>
    Query,

    /// <summary>A passage, or whatever is searched in.</summary>
    Document,
}
