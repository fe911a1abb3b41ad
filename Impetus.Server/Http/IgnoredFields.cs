namespace Impetus.Server.Http;

/// <summary>
/// What a request said and we did not act upon: advisory fields and unknown ones. Told in the header
/// <c>Impetus-Ignored-Fields</c>, percent-encoded, so that nobody wonders.
/// </summary>
internal sealed class IgnoredFields
{
    public const string Header = "Impetus-Ignored-Fields";
    private const int MaxNames = 20;
    private const int MaxLength = 1024;

    private readonly List<string> _names = [];
    private int _length;

    /// <summary>Notes a field by its path; beyond the header's bounds it is left out.</summary>
    public void Add(string path)
    {
        if (_names.Count == MaxNames || path.Length > MaxLength)
            return;
        string name = Uri.EscapeDataString(path);
        if (_length + name.Length + 2 > MaxLength)
            return;
        _names.Add(name);
        _length += name.Length + 2;
    }

    /// <summary>Sets the header, if anything was ignored. Before the response starts.</summary>
    public void WriteTo(HttpResponse response)
    {
        if (_names.Count > 0)
            response.Headers[Header] = string.Join(", ", _names);
    }
}
