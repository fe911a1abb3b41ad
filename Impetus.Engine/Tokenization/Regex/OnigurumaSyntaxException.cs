namespace Impetus.Engine.Tokenization.Regex;

/// <summary>A pattern that is malformed or uses what this engine refuses rather than misreads.</summary>
internal sealed class OnigurumaSyntaxException(string message) : Exception(message);
