//! Country codes: lists of the network write three letters, certificates two.

/// ISO 3166-1: alpha-3 and alpha-2 together, sorted. XKX and XK are Kosovo's by usage, outside
/// the standard.
const CODES: &str = "\
    ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU \
    AUTAT AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ \
    BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI \
    CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE \
    DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK \
    FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR \
    GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN \
    IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH \
    KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV \
    MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN \
    MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI \
    NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL \
    PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG \
    SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI \
    SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT \
    TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG \
    VIRVI VNMVN VUTVU WLFWF WSMWS XKXXK YEMYE ZAFZA ZMBZM ZWEZW";

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    CODES.split(' ').filter_map(|pair| pair.split_at_checked(3))
}

/// The two letters of a country, from three or from two; `None` if no country has them.
pub fn alpha2(code: &str) -> Option<&'static str> {
    let same = |there: &str| there.eq_ignore_ascii_case(code);
    pairs()
        .find(|(three, two)| same(three) || same(two))
        .map(|(_, two)| two)
}

/// The three letters of a country, from two or from three.
pub fn alpha3(code: &str) -> Option<&'static str> {
    let same = |there: &str| there.eq_ignore_ascii_case(code);
    pairs()
        .find(|(three, two)| same(three) || same(two))
        .map(|(three, _)| three)
}

/// Whether a participant's code is one of a test or virtual participant: all codes with X in front
/// are, in two letters or three (XXA, XXH, XXO, XYK, XCL, XT ...), but for Kosovo's. ISO 3166
/// leaves them to users and gives them to no country.
pub fn is_test_participant(code: &str) -> bool {
    let first = code.as_bytes().first().map(u8::to_ascii_uppercase);
    first == Some(b'X') && matches!(code.len(), 2 | 3) && alpha2(code).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        let three: Vec<_> = pairs().map(|(three, _)| three).collect();
        assert_eq!(three.len(), 250);
        assert!(three.is_sorted_by(|a, b| a < b));
        let two: std::collections::BTreeSet<_> = pairs().map(|(_, two)| two).collect();
        assert_eq!(two.len(), 250);
        assert!(two.iter().all(|two| two.len() == 2));
    }

    #[test]
    fn both_ways() {
        for (three, two) in [("VNM", "VN"), ("DEU", "DE"), ("XKX", "XK"), ("IMN", "IM")] {
            assert_eq!((alpha2(three), alpha3(two)), (Some(two), Some(three)));
            assert_eq!((alpha2(two), alpha3(three)), (Some(two), Some(three)));
        }
        assert_eq!(alpha2("vnm"), Some("VN"));
        // The Isle of Man is IMN; what WHO's list writes is no code.
        for none in ["IOM", "", "WHO", "EUR", "XXA", "V", "VNMM"] {
            assert_eq!(alpha2(none), None, "{none}");
        }
    }

    #[test]
    fn test_participants() {
        for code in [
            "XXA", "XXH", "XXO", "XYK", "XCL", "xxa", "XT", "XA", "XL", "XXX",
        ] {
            assert!(is_test_participant(code), "{code}");
        }
        for code in ["VNM", "XK", "XKX", "IOM", "WHO", "", "X", "XXXX"] {
            assert!(!is_test_participant(code), "{code}");
        }
    }
}
