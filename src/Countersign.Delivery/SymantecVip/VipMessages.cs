using System.Text;
using System.Xml;

namespace Countersign.Delivery.SymantecVip;

/// <summary>Writes the requests of VIP's validation service and reads its answers (VIP Web Services Developer's Guide; SOAP 1.1). Pure.</summary>
internal static class VipMessages
{
    /// <summary>SOAP 1.1 §3.</summary>
    public const string SoapNamespace = "http://schemas.xmlsoap.org/soap/envelope/";
    /// <summary>The service's own.</summary>
    public const string Namespace = "http://www.verisign.com/2006/08/vipservice";
    /// <summary>Whether one code is right, for a credential that is enabled.</summary>
    public const string Validate = "Validate";
    /// <summary>Whether two consecutive codes are right; moves the service's idea of the credential's clock or counter there.</summary>
    public const string Synchronize = "Synchronize";
    private const string Version = "2.0";

    /// <summary>A request.</summary>
    /// <param name="operation"><see cref="Validate"/> or <see cref="Synchronize"/>.</param>
    /// <param name="id">Tells its answer from others.</param>
    /// <param name="credentialId">The credential.</param>
    /// <param name="codes">One code to validate, two to synchronize.</param>
    public static byte[] Write(string operation, string id, string credentialId, params ReadOnlySpan<string> codes)
    {
        using var document = new MemoryStream();
        using (var writer = XmlWriter.Create(document, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
        {
            writer.WriteStartElement("soapenv", "Envelope", SoapNamespace);
            writer.WriteStartElement("Body", SoapNamespace);
            writer.WriteStartElement("vip", operation, Namespace);
            writer.WriteAttributeString("Version", Version);
            writer.WriteAttributeString("Id", id);
            writer.WriteElementString("TokenId", Namespace, credentialId);
            for (var i = 0; i < codes.Length; i++) writer.WriteElementString(codes.Length == 1 ? "OTP" : $"OTP{i + 1}", Namespace, codes[i]);
            writer.WriteEndDocument();
        }
        return document.ToArray();
    }

    /// <summary>The reason code of an answer, for example <c>0000</c>; null when it is no answer to this request. Never throws.</summary>
    /// <param name="document">The answer.</param>
    /// <param name="operation">The request's operation.</param>
    /// <param name="id">The request's id, which the answer repeats.</param>
    public static string? ReadReason(ReadOnlyMemory<byte> document, string operation, string id)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = Http.BoundedHttpClient.LongestBody,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(document.ToArray()), settings);
            if (!reader.IsStartElement("Envelope", SoapNamespace)) return null;
            reader.ReadStartElement();
            if (reader.IsStartElement("Header", SoapNamespace)) reader.Skip();
            if (!reader.IsStartElement("Body", SoapNamespace)) return null;
            reader.ReadStartElement();
            if (!reader.IsStartElement(operation + "Response", Namespace) || reader.GetAttribute("RequestId") != id) return null;
            reader.ReadStartElement();
            if (!reader.IsStartElement("Status", Namespace)) return null;
            reader.ReadStartElement();
            if (!reader.IsStartElement("ReasonCode", Namespace)) return null;
            var reason = reader.ReadElementContentAsString().Trim().ToUpperInvariant();
            // To the end: what is cut off or goes on wrongly is no answer.
            while (reader.Read())
            {
            }
            return reason.Length == 4 && reason.All(char.IsAsciiHexDigitUpper) ? reason : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
