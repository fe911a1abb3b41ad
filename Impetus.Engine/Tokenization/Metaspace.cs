namespace Impetus.Engine.Tokenization;

/// <summary>When a replacement character is put before a text.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}

/// <summary>The settings of Metaspace, which writes spaces as a visible character; pre-tokeniser and decoder share them.</summary>
internal sealed record Metaspace(string Replacement, PrependScheme Prepend, bool Split)
{
    public static Metaspace Load(ConfigNode config)
    {
        string replacement = config["replacement"].IsNull ? "▁" : config["replacement"].Character();
        var scheme = PrependScheme.Always;
        if (!config["prepend_scheme"].IsNull)
        {
            scheme = config["prepend_scheme"].String() switch
            {
                "always" => PrependScheme.Always,
                "first" => PrependScheme.First,
                "never" => PrependScheme.Never,
                _ => throw config["prepend_scheme"].Unexpected("always, first or never"),
            };
        }
        // The older key; where both stand they must not contradict each other.
        if (!config["add_prefix_space"].Bool(true))
        {
            if (!config["prepend_scheme"].IsNull && scheme != PrependScheme.Never)
                throw config["add_prefix_space"].Fault("is false, which contradicts prepend_scheme");
            scheme = PrependScheme.Never;
        }
        return new Metaspace(replacement, scheme, config["split"].Bool(true));
    }
}
