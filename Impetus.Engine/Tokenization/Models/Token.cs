namespace Impetus.Engine.Tokenization.Models;

/// <summary>
/// A token of a piece: its id, the range that it covers, and the place of its text. Ranges are UTF-8 bytes of the piece, since a
/// byte token covers a part of a character.
/// </summary>
/// <param name="ShowsSource">Whether the token's text is what it covers rather than its vocabulary entry.</param>
internal readonly record struct Token(int Id, int Start, int End, bool ShowsSource = false);
